import type { QueueDepth } from '../../../shared/aws/inspect/queue-depth.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import { couldNotCheck, type Finding, formatSpan, ok, wrong } from './finding.ts';

/** `remedy`: of a queue that holds only what failed. */
export type CheckedQueue = { name: string; remedy?: string };

/** `ageOf`: of the oldest message in ms, undefined if nothing measured it; absent where nothing measures it. */
export type Queues = {
  queues: readonly CheckedQueue[];
  depthOf(name: string): Promise<QueueDepth>;
  ageOf?: ((name: string) => Promise<number | undefined>) | undefined;
};

/** The alarm `oldest-message` starts here. */
const MOST_AGE_MS = 3_600_000;

export const COUNT = ['sqs:GetQueueAttributes'];
export const MEASURE = ['cloudwatch:GetMetricData'];

/** Checks that no queue of failures holds anything, and that nothing waits for long in the others. */
export async function checkQueues(checked: Queues): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const queue of checked.queues) found.push(...(await checkQueue(checked, queue)));
  return found;
}

async function checkQueue({ depthOf, ageOf }: Queues, { name, remedy }: CheckedQueue): Promise<Finding[]> {
  let depth: QueueDepth;
  try {
    depth = await depthOf(name);
  } catch (error) {
    return [couldNotCheck(error, COUNT, name)];
  }
  const { waiting, hidden } = depth;
  const holds = `contains ${formatCount(waiting + hidden, 'message')}`;
  if (waiting + hidden === 0) return [ok('is empty', name)];
  if (remedy !== undefined) return [wrong(`${holds}, each waiting for a person`, remedy, name)];
  const counted = `${holds}, ${hidden} of them in progress or delayed`;
  if (ageOf === undefined) return [ok(counted, name)];
  try {
    const ageMs = await ageOf(name);
    if (ageMs === undefined) return [ok(counted, name)];
    const aged = `${counted}; the oldest has waited ${formatSpan(ageMs)}`;
    return [ageMs > MOST_AGE_MS ? wrong(aged, 'docs/runbook.md, "oldest-message".', name) : ok(aged, name)];
  } catch (error) {
    return [ok(counted, name), couldNotCheck(error, MEASURE, name)];
  }
}
