import type { Clock } from '../../../shared/ports/ports.ts';

/** Virtual time: it passes only while the worker sleeps or through `advanceTo`; socket I/O takes none of it. */
export type VirtualTime = {
  /** The worker's clock: its sleep advances time and wakes all sleepers that are due on the way. */
  worker: Clock;
  /** The clock of queue, platform and ZPA: their sleep waits until time has passed. */
  others: Clock;
  /** Advances time to `at`; time never goes back. */
  advanceTo(at: number): Promise<void>;
};

type Sleeper = { at: number; wake: () => void };

export function createVirtualTime(start: number): VirtualTime {
  let now = start;
  const sleepers = new Set<Sleeper>();

  async function advanceTo(at: number): Promise<void> {
    for (;;) {
      const [next] = [...sleepers].filter((one) => one.at <= at).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      sleepers.delete(next);
      now = Math.max(now, next.at);
      next.wake();
      // The sleeper's work is done before time advances further.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    now = Math.max(now, at);
  }

  function wait(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { at: now + ms, wake: resolve };
    const abort = () => {
      sleepers.delete(sleeper);
      reject(signal?.reason);
    };
    if (signal?.aborted) abort();
    else sleepers.add(sleeper);
    signal?.addEventListener('abort', abort, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  return {
    worker: {
      now: () => now,
      async sleep(ms, signal) {
        signal?.throwIfAborted();
        await advanceTo(now + ms);
      },
    },
    others: { now: () => now, sleep: wait },
    advanceTo,
  };
}
