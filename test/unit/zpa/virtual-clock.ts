import type { Clock } from '../../../shared/ports/ports.ts';

type Sleeper = { at: number; wake: () => void };

/** A clock that advances to the next sleeper's instant as soon as all other work waits. */
export function virtualClock(start = 1_000_000): Clock & { advance(ms: number): void } {
  let now = start;
  let sleepers: Sleeper[] = [];
  let turning = false;

  function turn(): void {
    if (turning) return;
    turning = true;
    setImmediate(() => {
      turning = false;
      const next = sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) return;
      now = Math.max(now, next.at);
      sleepers = sleepers.filter((one) => one !== next);
      next.wake();
      if (sleepers.length > 0) turn();
    });
  }

  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(signal.reason);
        });
        turn();
      }),
  };
}
