import { addsJob, type Order } from './jobs.ts';
import { type Run, type RunOptions, runOurs } from './our-run.ts';
import { printTable, round } from './print-table.ts';
import { leastSeconds } from './tally.ts';

export type AddsOptions = { adds: number; latency: number; full?: boolean };

const ORDERS: readonly Order[] = ['in runs', 'round-robin'];

/**
 * Single-application adds to five groups, coalesced and one by one. One by one is really run without limits, to see that
 * it sends a write per change; under the limits its time is at least what so many writes take, and with `full` that is
 * really run too. One after the other: side by side they would be in each other's way.
 */
export async function reportAdds({ adds, latency: latencyMs, full = false }: AddsOptions) {
  const coalesced: RunOptions = { who: 'coalesced', limits: 'documented', latencyMs };
  const oneByOne: RunOptions = { who: 'one by one, no limits', limits: 'off', latencyMs: 0, oneByOne: true };
  const waiting: RunOptions = { who: 'one by one', limits: 'documented', latencyMs, oneByOne: true };
  const kinds = [coalesced, oneByOne, ...(full ? [waiting] : [])];
  const runs: Run[] = [];
  for (const order of ORDERS) {
    for (const options of kinds) runs.push(await runOurs(addsJob(adds, order), options));
  }
  const compared = runs.map((run) => compare(run, runs));
  printTable(
    [
      'adds to 5 groups',
      'changes',
      'writes',
      'reads',
      '429',
      'not in effect',
      'took s',
      'least s, one by one',
      'fewer',
    ],
    compared.map((run) => [
      `${run.job.split(', ').at(-1)}: ${run.who}`,
      ...[run.changes, run.writes, run.reads, run.tooMany, run.lost].map(String),
      round(run.seconds),
      String(run.leastSecondsOneByOne),
      `${round(run.fewerWrites)} times`,
    ]),
  );
  return { latencyMs, adds: compared };
}

/** Against what the same changes need one by one. */
function compare(run: Run, runs: readonly Run[]) {
  const alone = runs.find((other) => other.job === run.job && other.who.startsWith('one by one'));
  const writesOneByOne = alone?.writes ?? run.changes;
  return {
    ...run,
    writesOneByOne,
    leastSecondsOneByOne: leastSeconds(writesOneByOne),
    fewerWrites: writesOneByOne / run.writes,
  };
}
