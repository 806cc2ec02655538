import type { Versioned } from '../records/versioned.ts';
import { type BudgetLimits, mayStartAt } from './rate-budget.ts';

/**
 * The read budget that all deployed readers of a lane share: the drift report and plans run in separate processes that
 * cannot coordinate otherwise (docs/architecture.md#rate-budget). Instants are epoch ms.
 */
export type SharedReadBudget = Versioned & {
  lane: string;
  /** The latest instant at which each read can have arrived at ZPA; for one under way, the instant of its timeout. */
  reads: number[];
  /** ZPA asked for no calls until then. */
  notBefore: number;
};

/**
 * Reads per rate window for all deployed readers of a lane together, and as many for a person at the CLI: both share
 * the four that lanes leave (docs/adr/0004, 0009).
 */
export const READS_PER_SIDE = 2;

/** A budget without any read yet. */
export const newSharedReadBudget = (lane: string): SharedReadBudget => ({ lane, version: 0, reads: [], notBefore: 0 });

/** When the next read may start; a read under way counts as if it arrived now. */
export function nextReadAt({ reads, notBefore }: SharedReadBudget, limits: BudgetLimits, now: number): number {
  return mayStartAt({ reads, writes: [], notBefore }, 'read', limits, now);
}

/** The budget with one more read under way, until `until` at the latest; reads that no longer count are dropped. */
export function reserveRead(
  budget: SharedReadBudget,
  limits: BudgetLimits,
  now: number,
  until: number,
): SharedReadBudget {
  return { ...budget, reads: [...budget.reads.filter((at) => now - at <= limits.windowMs), until] };
}

/** The budget after the read reserved until `until` was answered at `at`. */
export function completeRead(budget: SharedReadBudget, until: number, at: number): SharedReadBudget {
  const index = budget.reads.indexOf(until);
  return index < 0 ? budget : { ...budget, reads: budget.reads.with(index, Math.min(at, until)) };
}

/** The budget after ZPA asked for no calls until `until`. */
export function blockReads(budget: SharedReadBudget, until: number): SharedReadBudget {
  return { ...budget, notBefore: Math.max(budget.notBefore, until) };
}
