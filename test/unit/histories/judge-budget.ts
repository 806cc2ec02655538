import type { Chronicle } from './chronicle.ts';

/**
 * The lane's share of the documented limit of 20 reads and 10 writes in any 10 seconds: two reads are always a person's at the
 * CLI, and two it borrows from the deployed readers, of which there is none here.
 */
const LIMITS = { read: 18, write: 10 };
const WINDOW_MS = 10_000;

/** Calls in any window, over all lives of the worker; and none while ZPA's `retry-after` lasts. */
export function judgeBudget({ calls, silences }: Chronicle): string[] {
  const breaches = (['read', 'write'] as const).flatMap((kind) => {
    const starts = calls.filter((one) => one.kind === kind).map(({ at }) => at);
    const limit = LIMITS[kind];
    const over = starts.filter((at, index) => at - (starts[index - limit] ?? Number.NEGATIVE_INFINITY) <= WINDOW_MS);
    return over.map((at) => `more than ${limit} ${kind}s in 10 s, at ${at}`);
  });
  const loud = silences.flatMap(({ from, until }) =>
    calls.filter(({ at }) => from < at && at < until).map(({ method, at }) => `${method} ${at - from} ms after a 429`),
  );
  return [...breaches, ...loud];
}
