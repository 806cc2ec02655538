import type { Clock } from '../../../shared/ports/ports.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { retry } from '../../../shared/runtime/retry.ts';
import type { ProbedZpa } from './throwaway-groups.ts';

/** ZPA's window is ten seconds; the worker calls in it too. */
const PAUSES_MS = [2000, 5000, 10_000, 10_000];

/**
 * Repeats a read that met a passing fault, and a write that ZPA certainly did not act on, such as one beyond its
 * limits. There is no signal, because what was begun is removed after an interruption too.
 */
export function patientZpa(zpa: ProbedZpa, clock: Clock): ProbedZpa {
  const patiently = <T>(isRetryable: (error: unknown) => boolean, call: () => Promise<T>) =>
    retry({ clock, signal: undefined, pausesMs: PAUSES_MS, isRetryable, retryAfter }, call);
  return {
    ...zpa,
    getApplication: (...args) => patiently(isPassing, () => zpa.getApplication(...args)),
    getGroup: (...args) => patiently(isPassing, () => zpa.getGroup(...args)),
    findGroups: (...args) => patiently(isPassing, () => zpa.findGroups(...args)),
    write: (...args) =>
      patiently(
        (error) => isUnsent(error) && !isTooLate(error),
        () => zpa.write(...args),
      ),
  };
}

/** Repeats a write together with the reads that it depends on, as long as ZPA certainly did not act on it. */
export const untilSent = <T>(clock: Clock, signal: AbortSignal, call: () => Promise<T>) =>
  retry({ clock, signal, pausesMs: PAUSES_MS, isRetryable: isUnsent, retryAfter }, call);

const isPassing = (error: unknown) => isZpaFault(error) && error.fault.class === 'transient';
const isUnsent = (error: unknown) => isZpaFault(error) && isPassing(error) && error.fault.effect === 'none';
const isTooLate = (error: unknown) => isZpaFault(error) && error.fault.code === 'too-late';
const retryAfter = (error: unknown) => (isZpaFault(error) ? error.fault.retryAfterMs : undefined);
