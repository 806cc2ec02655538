import type { Clock } from '../ports/ports.ts';

class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
  readonly code = 'out-of-time';
}

/**
 * What `work` resolves to, or a rejection with code `out-of-time` after `ms`. Its signal is aborted then, and what it does
 * afterwards is nobody's business any more.
 */
export async function inTime<T>(
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
  // Whichever loses the race has nobody else to tell.
  timer.catch(() => undefined);
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, timer]);
  } finally {
    done.abort();
  }
}
