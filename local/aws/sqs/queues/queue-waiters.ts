/** Wakes those who wait for messages: after every change of a queue, and at the next moment one becomes visible. */
export type QueueWaiters = {
  wakeAll(): void;
  /** Resolves at the next `ring`, at the next moment something becomes visible, after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
};

/** @param nextChangeIn milliseconds until time alone changes what can be received; undefined: never */
export function createQueueWaiters(nextChangeIn: () => number | undefined): QueueWaiters {
  let waiting = new Set<() => void>();
  const wakeAll = () => {
    const woken = waiting;
    waiting = new Set();
    for (const wake of woken) wake();
  };
  const wait = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      // One millisecond past the moment: timers may fire a fraction early.
      const until = Math.max(1, Math.min(ms, (nextChangeIn() ?? Number.POSITIVE_INFINITY) + 1, 2 ** 31 - 1));
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, until);
      waiting.add(wake);
      if (signal.aborted) wake();
      else signal.addEventListener('abort', wake, { once: true });
    });
  return { wakeAll, wait, close: wakeAll };
}
