import type { Clock } from '../../../shared/ports/ports.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';

/**
 * The longest that one history may last without another outcome: a history that does not end is a breach of liveness, not a
 * reason to play on. One whose changes end one after the other has an end. At `stop` it is given up, and there is nothing to
 * judge.
 */
export type Bounds = { calls: number; virtualMs: number; stop?: AbortSignal };

/** Six times the most calls that any of 9,000 histories took, which was 164,000; half of them take at most 2,600. */
const BOUNDS: Bounds = { calls: 1_000_000, virtualMs: 2 * 24 * 3_600_000 };

export type Bounded = {
  /** Wakes no sleeper once the history is over. */
  clock: Clock;
  /** Counts a call of a process; false: the history is over, and the call gets no answer. */
  mayCall(): boolean;
  /** Calls counted so far: the cost of the history. */
  readonly calls: number;
  /** A change has its outcome: both bounds count from here. */
  advance(): void;
  /** Ends the history with this breach. */
  end(breach: string): void;
  /** Plays to the end, or until a bound is reached; answers the breach. */
  run(play: Promise<unknown>): Promise<string | undefined>;
};

export function boundHistory(inner: Clock, bounds: Partial<Bounds> = {}): Bounded {
  const { calls: mostCalls, virtualMs, stop } = { ...BOUNDS, ...bounds };
  const over = Promise.withResolvers<string>();
  let calls = 0;
  let advanced = { calls, at: inner.now() };
  let isOver = false;

  function end(breach: string): void {
    isOver = true;
    over.resolve(breach);
  }

  function mayCall(): boolean {
    calls += 1;
    if (stop?.aborted) end('given up');
    if (calls - advanced.calls > mostCalls)
      end(`no end after ${mostCalls} calls, ${inner.now() - TEST_START} ms after the beginning`);
    return !isOver;
  }

  async function endLate(signal: AbortSignal): Promise<void> {
    for (let leftMs = virtualMs; leftMs > 0; leftMs = advanced.at + virtualMs - inner.now())
      await inner.sleep(leftMs, signal);
    end(`no end after ${virtualMs} ms of virtual time, ${calls} calls`);
  }

  return {
    clock: {
      now: inner.now,
      async sleep(ms, signal) {
        if (mayCall()) await inner.sleep(ms, signal);
        if (isOver) await new Promise(() => undefined);
      },
    },
    mayCall,
    end,
    get calls() {
      return calls;
    },
    advance() {
      advanced = { calls, at: inner.now() };
    },
    async run(play) {
      const ended = new AbortController();
      void endLate(ended.signal).catch(() => undefined);
      const breach = await Promise.race([play.then(() => undefined), over.promise]);
      ended.abort();
      return breach;
    },
  };
}
