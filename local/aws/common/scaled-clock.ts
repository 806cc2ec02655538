import type { Clock } from '../../../shared/ports/ports.ts';

/** The wall clock and its time factor: AWS's seconds become real milliseconds here and nowhere else. */
export type ScaledClock = {
  /** Epoch milliseconds. */
  now(): number;
  /** The local duration of AWS's `seconds`, in milliseconds. */
  lasts(seconds: number): number;
  /** Lets so many of AWS's seconds pass at once. */
  pass(seconds: number): void;
  sleep: Clock['sleep'];
};

export function createScaledClock(clock: Clock, timeFactor: number): ScaledClock {
  const lasts = (seconds: number) => (seconds * 1000) / timeFactor;
  let passed = 0;
  return {
    now: () => clock.now() + passed,
    lasts,
    pass: (seconds) => {
      passed += lasts(seconds);
    },
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}

/** The machine's own time. `sleep` rejects with the signal's reason when it aborts. */
export const machineClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const done = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', done);
        resolve();
      }, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};
