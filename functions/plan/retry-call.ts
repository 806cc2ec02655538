import { errorCode, retryAfterMsOf } from '../../shared/ports/error-code.ts';
import type { PlanPorts } from './ports.ts';

/** A call of a ticket system, tried again over what may pass; its own `Retry-After` wins. Rejects with the last error. */
export async function retryCall<T>(
  { clock, timing }: Pick<PlanPorts, 'clock' | 'timing'>,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  for (const pauseMs of timing.pausesMs) {
    try {
      return await call();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await clock.sleep(retryAfterOf(error) ?? pauseMs, signal);
    }
  }
  return call();
}

const mayPass = (error: unknown) => ['tickets-limited', 'tickets-unavailable'].includes(errorCode(error) ?? '');

/** A wait that outlasts the invocation is the queue's to make. */
const LONGEST_MS = 30_000;

function retryAfterOf(error: unknown): number | undefined {
  const retryAfterMs = retryAfterMsOf(error);
  return retryAfterMs === undefined ? undefined : Math.min(LONGEST_MS, retryAfterMs);
}
