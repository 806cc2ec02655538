import { errorCode, retryAfterMsOf } from '../../shared/ports/error-code.ts';
import { retry } from '../../shared/runtime/retry.ts';
import type { PlanPorts } from './ports.ts';

const PASSING: ReadonlySet<string | undefined> = new Set(['tickets-limited', 'tickets-unavailable']);

/** A wait that outlasts the invocation is the queue's to make. */
const LONGEST_MS = 30_000;

/** A call of a ticket system, tried again over what may pass; its own `Retry-After` wins. Rejects with the last error. */
export async function retryCall<T>(
  { clock, timing }: Pick<PlanPorts, 'clock' | 'timing'>,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  const isRetryable = (error: unknown) => PASSING.has(errorCode(error));
  const retryAfter = (error: unknown) => {
    const retryAfterMs = retryAfterMsOf(error);
    return retryAfterMs === undefined ? undefined : Math.min(LONGEST_MS, retryAfterMs);
  };
  return retry({ clock, signal, pausesMs: timing.pausesMs, isRetryable, retryAfter }, call);
}
