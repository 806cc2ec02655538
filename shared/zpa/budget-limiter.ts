import {
  asSeenAt,
  type BudgetLimits,
  blockUntil,
  type CallKind,
  mayStartAt,
  recordCall,
  UNUSED_BUDGET,
} from '../domain/ledger/rate-budget.ts';
import type { BudgetState } from '../domain/records/lane-record.ts';
import type { Clock, RateLimiter } from '../ports/ports.ts';

/** Thrown if the limit for a kind of call is 0, because waiting would never end. */
class NoBudgetError extends Error {
  override readonly name = 'NoBudgetError';
  readonly code = 'no-budget';
}

/** Reads beyond the limits, for a limiter whose own reads are used up. */
export type SpareReads = {
  /** Allows one read that starts at once, and answers what ends it; undefined if there is none to spare. Never rejects. */
  take(): Promise<(() => void) | undefined>;
  /** Gives account of the reads that are over; `atEnd`: and returns all that were not needed. Never rejects. */
  settle(atEnd?: boolean): Promise<void>;
};

export type BudgetLimiter = RateLimiter & {
  /** The state to store in the lane item; a limiter created from it keeps to the same windows. */
  state(): BudgetState;
};

/**
 * Sliding-window limiter: at most `limits.reads` reads and `limits.writes` writes arrive at ZPA within any
 * `limits.windowMs`. This also holds across successors, if each is created from its predecessor's `state()`. A call
 * arrives at an unknown instant between its start and its answer, so it occupies its place until one window after its
 * answer; the next call then starts late enough, however long a request takes. After `obey` no call of either kind
 * starts until that time is over, including calls that already wait. `spare`: used once the own reads are. See
 * docs/architecture.md#rate-budget.
 */
export function createBudgetLimiter(options: {
  limits: BudgetLimits;
  clock: Clock;
  state?: BudgetState | undefined;
  spare?: SpareReads;
}): BudgetLimiter {
  const { limits, clock, spare } = options;
  let state = asSeenAt(options.state ?? UNUSED_BUDGET, clock.now());

  const inFlight = new Set<{ kind: CallKind }>();

  /** A call in flight counts as if it arrived now. */
  function currentState(now: number): BudgetState {
    return [...inFlight].reduce((spent, { kind }) => recordCall(spent, kind, limits, now), state);
  }

  function startCall(kind: CallKind): () => void {
    const call = { kind };
    inFlight.add(call);
    return () => {
      if (inFlight.delete(call)) state = recordCall(state, kind, limits, clock.now());
    };
  }

  async function take(kind: CallKind, signal?: AbortSignal): Promise<() => void> {
    for (;;) {
      signal?.throwIfAborted();
      const now = clock.now();
      const startAt = mayStartAt(currentState(now), kind, limits, now);
      if (startAt <= now) return startCall(kind);
      if (startAt === Number.POSITIVE_INFINITY) throw new NoBudgetError(`this budget allows no ${kind}s`);
      const spareRead = kind === 'read' && state.notBefore <= now ? await spare?.take() : undefined;
      if (spareRead !== undefined) return spareRead;
      // The wait is judged again, because the clock may wake early and another call or `obey` may have taken the place.
      await clock.sleep(startAt - now, signal);
    }
  }

  return {
    async take(kind, signal) {
      // Before a write it would lengthen the time since the group was read.
      if (kind === 'read') await spare?.settle();
      return take(kind, signal);
    },
    obey: (retryAfterMs) => {
      state = blockUntil(state, clock.now() + Math.max(0, retryAfterMs));
    },
    state: () => currentState(clock.now()),
  };
}
