import type { BudgetState } from '../records/lane-record.ts';

/**
 * The limits of ZPA's rate window. The documented limit counts GETs and writes separately, per 10 s (help.zscaler.com,
 * "Understanding Rate Limiting", ZPA).
 */
export type BudgetLimits = {
  /** Calls that may arrive within any `windowMs`; 0 allows none. */
  reads: number;
  writes: number;
  windowMs: number;
};

export type CallKind = 'read' | 'write';

export const UNUSED_BUDGET: BudgetState = { reads: [], writes: [], notBefore: 0 };

const listOf = (kind: CallKind) => (kind === 'read' ? 'reads' : 'writes');

/**
 * Starts that still count at `now`. A start in the future, from another machine's clock, counts as one at `now`: whoever takes
 * over a state begins with `asSeenAt`, or it would count so at every look anew.
 */
function counted(starts: readonly number[], limits: BudgetLimits, now: number): number[] {
  return starts.map((at) => Math.min(at, now)).filter((at) => now - at <= limits.windowMs);
}

/**
 * The earliest instant, `now` or later, at which a call of this kind may start, or so many `calls` together, as far as the limit
 * allows; Infinity if the limit is 0. A start exactly one window after another still shares a closed window with it, so a call
 * may start one millisecond later.
 */
export function mayStartAt(state: BudgetState, kind: CallKind, limits: BudgetLimits, now: number, calls = 1): number {
  const limit = limits[listOf(kind)];
  if (limit <= 0) return Number.POSITIVE_INFINITY;
  const earliest = Math.max(now, state.notBefore);
  const starts = counted(state[listOf(kind)], limits, now).sort((a, b) => a - b);
  const blocking = starts.at(Math.min(calls, limit) - limit - 1);
  return blocking === undefined ? earliest : Math.max(earliest, blocking + limits.windowMs + 1);
}

/** The state after a call of this kind arrived at `at` or before; calls that no longer count are dropped. */
export function recordCall(state: BudgetState, kind: CallKind, limits: BudgetLimits, at: number): BudgetState {
  const list = listOf(kind);
  return {
    reads: counted(state.reads, limits, at),
    writes: counted(state.writes, limits, at),
    notBefore: state.notBefore,
    [list]: [...counted(state[list], limits, at), at],
  };
}

/** The state as its successor sees it first: no call that it holds can have started later. */
export function asSeenAt(state: BudgetState, now: number): BudgetState {
  const seen = (at: number) => Math.min(at, now);
  return { ...state, reads: state.reads.map(seen), writes: state.writes.map(seen) };
}

/** The state after ZPA asked for no calls until `until`; it never shortens an earlier, longer block. */
export function blockUntil(state: BudgetState, until: number): BudgetState {
  return { ...state, notBefore: Math.max(state.notBefore, until) };
}
