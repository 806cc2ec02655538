import type { ReadFailure } from '../domain/drift/drift.ts';
import type { ZpaFault } from '../domain/group/group.ts';
import { errorCode } from '../ports/error-code.ts';
import type { Clock } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';
import { retry } from '../runtime/retry.ts';

/** Pauses between attempts at a read that met a transient fault; ZPA's own `Retry-After` takes precedence. */
const PAUSES_MS = [1000, 4000, 15_000];

/** `pausesMs`: one more attempt follows each pause; a caller with a waiting person gives fewer than a scheduled job. */
export type RetryOptions = { clock: Clock; signal: AbortSignal; pausesMs?: readonly number[] };

/** A read for a report, tried again over transient and unknown faults. Rejects with the last error. */
export async function retryRead<T>(patience: RetryOptions, read: () => Promise<T>): Promise<T> {
  const { clock, signal, pausesMs = PAUSES_MS } = patience;
  const isRetryable = (error: unknown) => !signal.aborted && isZpaFault(error) && error.fault.class !== 'permanent';
  const retryAfter = (error: unknown) => (isZpaFault(error) ? error.fault.retryAfterMs : undefined);
  return await retry({ clock, signal, pausesMs, isRetryable, retryAfter }, read);
}

/** Collects all items of a listing. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Why a read failed, in words that are safe to show. */
export function readFailure(error: unknown, signal: AbortSignal): ReadFailure {
  if (signal.aborted) return { code: 'deadline', reason: 'The time for this report was up before it was read.' };
  if (isZpaFault(error)) return { code: error.fault.code, reason: sentenceOf(error.fault, error.message) };
  const code = errorCode(error);
  if (code === undefined) return { code: 'unexpected', reason: 'An unknown error.' };
  return { code, reason: error instanceof Error ? error.message : code };
}

function sentenceOf(fault: ZpaFault, message: string): string {
  const sentence =
    fault.reason === undefined || message.includes(fault.reason) ? message : `${message}: ${fault.reason}`;
  return fault.call === undefined || sentence.includes(fault.call) ? sentence : `${sentence} (${fault.call})`;
}
