import type { Clock } from '../ports/ports.ts';

class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
  readonly code = 'out-of-time';
}

/**
 * Settles as `work` does, or rejects with code `out-of-time` after `ms`. The signal of `work` is aborted then, and its
 * later result is ignored.
 */
export async function withTimeout<T>(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const timer = clock.sleep(ms, done.signal).then(() => {
    const error = new OutOfTime(`No answer within ${ms} ms.`);
    late.abort(error);
    throw error;
  });
  const answer = work(late.signal);
  // The promise that settles second may still reject; these handlers prevent an unhandled rejection.
  timer.catch(() => undefined);
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, timer]);
  } finally {
    done.abort();
  }
}
