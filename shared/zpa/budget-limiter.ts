import {
  type BudgetLimits,
  blockUntil,
  type CallKind,
  mayStartAt,
  recordCall,
  UNUSED_BUDGET,
} from '../domain/ledger/rate-budget.ts';
import type { BudgetState } from '../domain/records/lane-record.ts';

import type { Clock, RateLimiter } from '../ports/ports.ts';

/** A limit of 0 for this kind of call: waiting would never end. */
class NoBudgetError extends Error {
  override readonly name = 'NoBudgetError';
  readonly code = 'no-budget';
}

export type BudgetLimiter = RateLimiter & {
  /** What counts now, for the lane item: a successor built from it stays inside the same windows. */
  state(): BudgetState;
};

/**
 * Sliding-window limiter: never more than `limits.reads` reads and `limits.writes` writes arrive at ZPA within any
 * `limits.windowMs`, over successors too if each is built from its predecessor's `state()`. A call arrives somewhere
 * between its start and its answer, so it holds its place until a window after its answer: however long the way takes,
 * the next one starts late enough. After `obey` no call of either kind starts until the time is over, also none that
 * waits already.
 */
export function createBudgetLimiter(options: {
  limits: BudgetLimits;
  clock: Clock;
  state?: BudgetState | undefined;
}): BudgetLimiter {
  const { limits, clock } = options;
  let state = options.state ?? UNUSED_BUDGET;

  const underWay = new Set<{ kind: CallKind }>();

  /** What is under way counts as if it arrived now. */
  function current(now: number): BudgetState {
    return [...underWay].reduce((spent, { kind }) => recordCall(spent, kind, limits, now), state);
  }

  function started(kind: CallKind): () => void {
    const call = { kind };
    underWay.add(call);
    return () => {
      if (underWay.delete(call)) state = recordCall(state, kind, limits, clock.now());
    };
  }

  async function take(kind: CallKind, signal?: AbortSignal): Promise<() => void> {
    for (;;) {
      signal?.throwIfAborted();
      const now = clock.now();
      const startAt = mayStartAt(current(now), kind, limits, now);
      if (startAt <= now) return started(kind);
      if (startAt === Number.POSITIVE_INFINITY) throw new NoBudgetError(`this budget allows no ${kind}s`);
      // Woken early, overtaken or held meanwhile: the loop asks again.
      await clock.sleep(startAt - now, signal);
    }
  }

  return {
    take,
    obey: (retryAfterMs) => {
      state = blockUntil(state, clock.now() + Math.max(0, retryAfterMs));
    },
    state: () => current(clock.now()),
  };
}
