import type { Schedule } from './schedule-expression.ts';

/** Every month, day of the week and leap day of a year is among these days. */
const LOOKED_AT_MS = 400 * 86_400_000;
/** A schedule with more runs than this in those days shows its gaps in the first weeks; more would take seconds. */
const LOOKED_AT_RUNS = 30_000;

/** The longest time between two runs, in milliseconds; the search ends at the first gap longer than `limitMs`. */
export function longestGapMs(schedule: Schedule, limitMs: number): number {
  if (schedule.kind === 'rate') return schedule.everyMs;
  const first = schedule.nextAfter(Number.NEGATIVE_INFINITY) ?? 0;
  let longest = 0;
  let last = first;
  for (let run = 0; run < LOOKED_AT_RUNS && last - first < LOOKED_AT_MS && longest <= limitMs; run += 1) {
    const next = schedule.nextAfter(last);
    if (next === undefined) break;
    longest = Math.max(longest, next - last);
    last = next;
  }
  return longest;
}
