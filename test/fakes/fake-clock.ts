import type { Clock } from '../../shared/ports/ports.ts';

export type FakeClock = Clock & {
  /** Lets `ms` pass: wakes sleepers in the order of their times, with the code after each wake-up run in between. */
  advance(ms: number): Promise<void>;
  /** Number of sleepers. */
  readonly sleeping: number;
  /** Every requested sleep, in ms. */
  readonly slept: number[];
};

type Sleeper = { at: number; wake: () => void };

/** 2026-12-01T08:00:00Z: a start for tests that need none in particular. */
export const TEST_START = Date.UTC(2026, 11, 1, 8);

/**
 * A clock in virtual time. By default it runs by itself: when everything that can run has run, it jumps to the next
 * sleeper. With `auto: false` time stands until `advance`.
 */
export function createFakeClock(start = TEST_START, { auto = true } = {}): FakeClock {
  let now = start;
  let jumping = false;
  const sleepers: Sleeper[] = [];
  const slept: number[] = [];

  function wakeNext(until: number): boolean {
    sleepers.sort((a, b) => a.at - b.at);
    const next = sleepers[0];
    if (next === undefined || next.at > until) return false;
    sleepers.shift();
    now = Math.max(now, next.at);
    next.wake();
    return true;
  }

  async function jump(): Promise<void> {
    if (jumping) return;
    jumping = true;
    do await settled();
    while (wakeNext(Number.POSITIVE_INFINITY));
    jumping = false;
  }

  return {
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      if (ms <= 0) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { at: now + ms, wake: resolve };
      sleepers.push(sleeper);
      const abort = () => {
        const index = sleepers.indexOf(sleeper);
        if (index >= 0) sleepers.splice(index, 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      if (auto) void jump();
      await promise.finally(() => signal?.removeEventListener('abort', abort));
    },
    async advance(ms) {
      const until = now + ms;
      do await settled();
      while (wakeNext(until));
      now = until;
      await settled();
    },
    get sleeping() {
      return sleepers.length;
    },
    slept,
  };
}

/** Two turns of the event loop: microtasks and immediate callbacks of the awakened have run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
