import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { invoke } from '../local/lambda/invocation.ts';
import { DRIFT } from '../shared/deployment/resources.ts';
import { frame, spread } from './lanes-figures.ts';
import { startSource } from './lanes-source.ts';
import type { LanesWorld } from './lanes-world.ts';
import { printTable, round } from './print-table.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapMb = () => {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** Drift of all lanes: how long it takes in virtual time, how long a lane takes, and whether memory grows with the lanes. */
export async function driftRound({ clock, functions, env, endpoint }: LanesWorld, lanes: number) {
  const heapsMb: number[] = [];
  const seconds: number[] = [];
  const from = clock.now();
  let endedAt = from;
  const timed: typeof functions.drift = async (event, context) => {
    const begunAt = clock.now();
    const answer = await functions.drift(event, context);
    endedAt = clock.now();
    seconds.push((endedAt - begunAt) / 1000);
    if (seconds.length % Math.ceil(lanes / 10) === 0) heapsMb.push(heapMb());
    return answer;
  };
  const begun = await invoke({ ...frame('round'), handler: functions.round }, {}, clock);
  if (begun.outcome !== 'returned') throw new Error(`the round ${begun.outcome}`);
  const source = startSource({
    function: { ...frame('drift'), handler: timed },
    environment: env,
    queueUrl: env.DRIFT_QUEUE_URL,
    batchSize: DRIFT.batchSize,
    maximumConcurrency: DRIFT.concurrency,
    clock,
  });
  await source.finish();
  const reports = endpoint.published(1_000_000).flatMap(({ message }) => {
    const { sqs } = JSON.parse(message) as { sqs?: string };
    const json = sqs === undefined ? undefined : (JSON.parse(sqs) as { kind?: string; complete?: boolean });
    return json?.kind === 'drift-report' ? [json] : [];
  });
  const complete = reports.filter((one) => one.complete).length;
  const minutes = (endedAt - from) / 60_000;
  const lane = spread(seconds);
  const [first = 0, last = 0] = [heapsMb[0], heapsMb.at(-1)];
  printTable(
    [
      'drift round',
      'reports',
      'complete',
      'virtual min',
      'a lane, p50 s',
      'max s',
      'heap MB, a tenth in',
      'at the end',
    ],
    [
      [
        '',
        `${reports.length}`,
        `${complete}`,
        round(minutes),
        round(lane.p50),
        round(lane.max),
        round(first),
        round(last),
      ],
    ],
  );
  return { reports: reports.length, complete, minutes, lane, heapsMb };
}
