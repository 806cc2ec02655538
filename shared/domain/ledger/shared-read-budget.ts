import type { Versioned } from '../records/versioned.ts';
import { type BudgetLimits, mayStartAt } from './rate-budget.ts';

/**
 * The read budget that all deployed readers of a lane share: the drift report and plans run in separate processes that
 * cannot coordinate otherwise (docs/architecture.md#rate-budget). The lane's worker borrows from it. Instants are epoch ms.
 */
export type SharedReadBudget = Versioned & {
  lane: string;
  /** The latest instant at which each read can have arrived at ZPA; for one under way, the instant of its timeout. */
  reads: number[];
  /** ZPA asked for no calls until then. */
  notBefore: number;
  /** When a reader last reserved a read or had to wait for one; absent in records of older versions. */
  readerAt?: number | undefined;
};

/** The lane borrows no read for this many rate windows after a reader wanted one. */
const READERS_FIRST_WINDOWS = 6;

/**
 * Reads per rate window for all deployed readers of a lane together, and as many for a person at the CLI: both share
 * the four that lanes leave (docs/adr/0004, 0009).
 */
export const READS_PER_SIDE = 2;

/** A budget without any read yet. */
export const newSharedReadBudget = (lane: string): SharedReadBudget => ({ lane, version: 0, reads: [], notBefore: 0 });

/**
 * The budget as it can be at `now`: a read under way, a borrowed one too, ends after a window and its timeout at the latest.
 * Of a process whose clock is ahead it would count until our clock has passed it.
 */
export function withoutClockAhead(
  budget: SharedReadBudget,
  { windowMs }: BudgetLimits,
  now: number,
  requestTimeoutMs: number,
): SharedReadBudget {
  const latest = now + windowMs + requestTimeoutMs;
  return { ...budget, reads: budget.reads.map((at) => Math.min(at, latest)) };
}

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
  return { ...budget, reads: [...stillCounting(budget, limits, now), until], readerAt: now };
}

const stillCounting = ({ reads }: SharedReadBudget, { windowMs }: BudgetLimits, now: number) =>
  reads.filter((at) => now - at <= windowMs);

/**
 * The budget with the wish of a reader that has to wait, so that the lane does not take the next free place before it.
 * undefined: the wish, or a read of this window, says so already.
 */
export function announceReader(
  budget: SharedReadBudget,
  { windowMs }: BudgetLimits,
  now: number,
): SharedReadBudget | undefined {
  const { readerAt } = budget;
  return readerAt !== undefined && Math.abs(now - readerAt) < windowMs ? undefined : { ...budget, readerAt: now };
}

/**
 * The budget after the lane borrowed every free read, each under way until `until` at the latest. undefined: there is none,
 * ZPA asked for silence, or a reader wanted one lately. Without `readerAt` every read may be a reader's.
 */
export function borrowReads(
  budget: SharedReadBudget,
  limits: BudgetLimits,
  now: number,
  until: number,
): SharedReadBudget | undefined {
  const readerAt = budget.readerAt ?? Math.max(0, ...budget.reads);
  if (budget.notBefore > now || now - readerAt <= READERS_FIRST_WINDOWS * limits.windowMs) return undefined;
  const counting = stillCounting(budget, limits, now);
  const free = limits.reads - counting.length;
  if (free <= 0) return undefined;
  return { ...budget, reads: [...counting, ...Array.from({ length: free }, () => until)], readerAt };
}

/** The budget after a borrowed read, under way until `until` at the latest, turned out not to be needed. */
export function returnRead(budget: SharedReadBudget, until: number): SharedReadBudget {
  const index = budget.reads.indexOf(until);
  return index < 0 ? budget : { ...budget, reads: budget.reads.toSpliced(index, 1) };
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
