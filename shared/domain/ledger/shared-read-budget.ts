import type { Versioned } from '../records/versioned.ts';
import { type BudgetLimits, mayStartAt } from './rate-budget.ts';

/**
 * The reads that all deployed readers of a lane share (docs/architecture.md#rate-budget): the drift report and plans,
 * which run in processes that know nothing of each other. Instants are epoch ms.
 */
export type SharedReadBudget = Versioned & {
  lane: string;
  /** Each by when it has arrived at ZPA at the latest; of one under way, the moment it is given up. */
  reads: number[];
  /** ZPA asked for silence until then. */
  notBefore: number;
};

/** Reads per rate window for all deployed readers of a lane together, and as many for a person at the CLI: the four that lanes leave over (docs/adr/0004, 0009). */
export const READS_PER_SIDE = 2;

export const newSharedReadBudget = (lane: string): SharedReadBudget => ({ lane, version: 0, reads: [], notBefore: 0 });

/** When the next read may start; one under way counts as if it arrived now. */
export function nextReadAt({ reads, notBefore }: SharedReadBudget, limits: BudgetLimits, now: number): number {
  return mayStartAt({ reads, writes: [], notBefore }, 'read', limits, now);
}

/** One more read is under way, until `until` at the longest; what no longer counts is forgotten. */
export function reserveRead(
  places: SharedReadBudget,
  limits: BudgetLimits,
  now: number,
  until: number,
): SharedReadBudget {
  return { ...places, reads: [...places.reads.filter((at) => now - at <= limits.windowMs), until] };
}

/** A read that was to be under way until `until` at the longest had its answer at `at`. */
export function completeRead(places: SharedReadBudget, until: number, at: number): SharedReadBudget {
  const index = places.reads.indexOf(until);
  return index < 0 ? places : { ...places, reads: places.reads.with(index, Math.min(at, until)) };
}

export function blockReads(places: SharedReadBudget, until: number): SharedReadBudget {
  return { ...places, notBefore: Math.max(places.notBefore, until) };
}
