import type { Clock } from '../ports/ports.ts';

export type Retry = {
  clock: Pick<Clock, 'sleep'>;
  /** Ends a pause; the call takes its own signal. */
  signal: AbortSignal | undefined;
  /** One more try after each of them. */
  pausesMs: readonly number[];
  isRetryable(error: unknown): boolean;
  /** The pause in ms that the answer asked for, in place of the one whose turn it is. */
  retryAfter(error: unknown): number | undefined;
};

/** Calls, and calls again over errors that may pass. Rejects with the last error. */
export async function retry<T>(
  { clock, signal, pausesMs, isRetryable, retryAfter }: Retry,
  call: () => Promise<T>,
): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await call();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await clock.sleep(retryAfter(error) ?? pauseMs, signal);
    }
  }
  return await call();
}
