import { updatesJob } from './jobs.ts';
import { type Run, runOurs } from './our-run.ts';
import { printTable, round } from './print-table.ts';
import { leastSeconds } from './tally.ts';

export type LimitsOptions = { updates: number; latency: number };

/**
 * Updates of a group each under the documented limits; by id, then by name: side by side each would slow the other's
 * start.
 */
export async function reportLimits({ updates, latency: latencyMs }: LimitsOptions) {
  const job = updatesJob(updates);
  const least = leastSeconds(updates);
  const runs: Run[] = [];
  for (const reference of ['by id', 'by name'] as const) {
    runs.push(await runOurs(job, { who: reference, limits: 'documented', latencyMs, reference }));
  }
  printTable(
    [`${job.name}, documented limits`, 'least s', 'took s', 'took ÷ least', 'reads', 'writes', '429', 'not in effect'],
    runs.map((run) => [run.who, String(least), round(run.seconds), ratio(run, least), ...counts(run)]),
  );
  return { latencyMs, limits: runs.map((run) => ({ ...run, leastSeconds: least, ratio: run.seconds / least })) };
}

const ratio = ({ seconds }: Run, least: number) => (least === 0 ? '-' : round(seconds / least, 3));
const counts = ({ reads, writes, tooMany, lost }: Run) => [reads, writes, tooMany, lost].map(String);
