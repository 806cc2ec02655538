import type { Lane } from '../domain/lane/change-ref.ts';
import type { BudgetLimits } from '../domain/ledger/rate-budget.ts';
import {
  announceReader,
  blockReads,
  completeRead,
  newSharedReadBudget,
  nextReadAt,
  READS_PER_SIDE,
  reserveRead,
  type SharedReadBudget,
  withoutClockAhead,
} from '../domain/ledger/shared-read-budget.ts';
import type { Timing } from '../domain/ledger/timing.ts';
import { optimisticUpdate } from '../ledger/optimistic-update.ts';
import type { Clock, RateLimiter, Written } from '../ports/ports.ts';

/** The shared reads of a lane are written down here. As `Ledger`: consistent reads, one conditional write. */
export type SharedReadBudgetStore = {
  read(lane: string): Promise<SharedReadBudget | undefined>;
  write(places: SharedReadBudget, expected: number): Promise<Written<SharedReadBudget>>;
};

export type SharedReads = RateLimiter & {
  /** Writes down what has been answered: without it, the last reads of a process count as under way until they time out. */
  settle(): Promise<void>;
};

class NoBudgetError extends Error {
  override readonly name = 'NoBudgetError';
  readonly code = 'no-budget';
}

/**
 * A limiter whose window is kept outside of the process, so that no more than `limits.reads` reads of one lane arrive at
 * ZPA in a window, however many processes read and whichever of them die. Each read is written down before it is sent, as
 * under way until `requestTimeoutMs` later; its answer is written down with the next one. Takes no writes.
 */
export function createSharedReads(options: {
  store: SharedReadBudgetStore;
  lane: string;
  limits: BudgetLimits;
  requestTimeoutMs: number;
  clock: Clock;
}): SharedReads {
  const { store, lane, limits, requestTimeoutMs, clock } = options;
  let answers: { until: number; at: number }[] = [];
  let held = 0;
  /** No read is sent on it alone: it is written down first, and what others wrote meanwhile refuses that write. */
  let last: SharedReadBudget | undefined;

  /** Facts that this process knows and the store does not. */
  const known = (places: SharedReadBudget, told: typeof answers) =>
    blockReads(
      told.reduce(
        (one, { until, at }) => completeRead(one, until, at),
        withoutClockAhead(places, limits, clock.now(), requestTimeoutMs),
      ),
      held,
    );

  /** Writes what `change` makes of the state, unless it makes nothing of it; answers whether it was written. */
  async function update(change: (places: SharedReadBudget) => SharedReadBudget | undefined): Promise<boolean> {
    const absent = () => newSharedReadBudget(lane);
    let told = answers;
    const { record, changed } = await optimisticUpdate<SharedReadBudget, SharedReadBudget>(
      last ?? (await store.read(lane)) ?? absent(),
      {
        change(stored) {
          told = answers;
          return change(known(stored, told));
        },
        write: (next, expected) => store.write(next, expected),
        absent,
        subject: `the shared read budget of ${lane}`,
        code: 'reader-contention',
      },
    );
    last = record;
    if (changed) answers = answers.filter((one) => !told.includes(one));
    return changed;
  }

  async function takeOne(signal?: AbortSignal): Promise<number> {
    for (;;) {
      signal?.throwIfAborted();
      const now = clock.now();
      let startAt = now;
      const until = now + requestTimeoutMs;
      await update((places) => {
        startAt = nextReadAt(places, limits, now);
        return startAt <= now ? reserveRead(places, limits, now, until) : announceReader(places, limits, now);
      });
      if (startAt <= now) return until;
      await clock.sleep(startAt - now, signal);
    }
  }

  return {
    async take(kind, signal) {
      if (kind === 'write') throw new NoBudgetError('this budget allows no writes');
      const until = await takeOne(signal);
      return () => {
        answers = [...answers, { until, at: clock.now() }];
      };
    },
    obey(retryAfterMs) {
      held = Math.max(held, clock.now() + Math.max(0, retryAfterMs));
    },
    async settle() {
      const isSettled = () => answers.length === 0 && held <= clock.now();
      // A process that served many lanes reads nothing for those that it has nothing to tell about.
      if (!isSettled()) await update((places) => (isSettled() ? undefined : places));
    },
  };
}

/** One limiter per lane, for `createReadClients`. */
export function createLaneReads(options: {
  store: SharedReadBudgetStore;
  timing: Pick<Timing, 'budgetWindowMs' | 'requestTimeoutMs'>;
  clock: Clock;
}): { limiterOf: (lane: Lane) => RateLimiter; settle(): Promise<void> } {
  const { store, timing, clock } = options;
  const limits = { reads: READS_PER_SIDE, writes: 0, windowMs: timing.budgetWindowMs };
  const made: SharedReads[] = [];
  return {
    limiterOf(lane) {
      const reads = createSharedReads({ store, lane, limits, requestTimeoutMs: timing.requestTimeoutMs, clock });
      made.push(reads);
      return reads;
    },
    async settle() {
      await Promise.all(made.map((one) => one.settle()));
    },
  };
}
