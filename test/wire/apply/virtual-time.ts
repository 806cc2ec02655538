import type { Clock } from '../../../shared/ports/ports.ts';

/** Time that passes only while the one who works sleeps, or when it is told to; sockets take none of it. */
export type VirtualTime = {
  /** Of the worker: its sleeping lets time pass, past everything that is due on the way. */
  worker: Clock;
  /** Of queue, platform and ZPA: they wait until it has passed. */
  others: Clock;
  /** Lets time pass until then; never back. */
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
      // What it does now is done before time goes on.
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
