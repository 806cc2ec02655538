import { type BudgetLimits, type CallKind, hold, mayStartAt, spend, UNSPENT } from '../domain/budget.ts';
import type { BudgetState } from '../domain/records.ts';
import type { Clock, RateLimiter } from '../ports.ts';

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
 * Sliding-window limiter: never more than `limits.reads` reads and `limits.writes` writes start within any
 * `limits.windowMs`, over successors too if each is built from its predecessor's `state()`. After `obey` no call of
 * either kind starts until the time is over, also none that waits already.
 */
export function createBudgetLimiter(options: {
  limits: BudgetLimits;
  clock: Clock;
  state?: BudgetState | undefined;
}): BudgetLimiter {
  const { limits, clock } = options;
  let state = options.state ?? UNSPENT;

  async function take(kind: CallKind, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const now = clock.now();
      const startAt = mayStartAt(state, kind, limits, now);
      if (startAt <= now) {
        state = spend(state, kind, limits, now);
        return;
      }
      if (startAt === Number.POSITIVE_INFINITY) throw new NoBudgetError(`this budget allows no ${kind}s`);
      // Woken early, overtaken or held meanwhile: the loop asks again.
      await clock.sleep(startAt - now, signal);
    }
  }

  return {
    take,
    obey: (retryAfterMs) => {
      state = hold(state, clock.now() + Math.max(0, retryAfterMs));
    },
    state: () => state,
  };
}
