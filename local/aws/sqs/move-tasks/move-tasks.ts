import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalidParameter } from '../../common/aws-error.ts';
import { parseInput } from '../../common/input.ts';
import { resourceNotFound, unsupportedOperation } from '../queues/errors.ts';
import { findQueue, nameOfArn, type Queue, type SqsContext } from '../queues/queue.ts';
import { countMessages, sourcesOf } from '../queues/queue-attributes.ts';

export type MoveTask = {
  place: number;
  handle: string;
  source: string;
  destination: string | null;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  perSecond: number | null;
  moved: number;
  toMove: number;
  failure: string | null;
  startedAt: number;
};

const starting = z.object({
  SourceArn: z.string(),
  DestinationArn: z.string().nullish(),
  MaxNumberOfMessagesPerSecond: z.number().int().nullish(),
});
const listing = z.object({ SourceArn: z.string(), MaxResults: z.number().int().nullish() });
const cancelling = z.object({ TaskHandle: z.string() });

/**
 * "StartMessageMoveTask": from a queue that is a dead-letter queue, to its sources or to one queue of the same type; one
 * running task per source. The moving itself goes on after the answer (`mover.ts`).
 */
export function startMessageMoveTask(sqs: SqsContext, input: unknown) {
  const request = parseInput(starting, input);
  const source = queueOfArn(sqs, request.SourceArn);
  if (sourcesOf(sqs, source.name).length === 0) {
    throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
  }
  const destination = request.DestinationArn ? queueOfArn(sqs, request.DestinationArn) : undefined;
  if (destination !== undefined && destination.fifo !== source.fifo) {
    throw invalidParameter('Destination queue must be of the same type as the source queue.');
  }
  const rate = request.MaxNumberOfMessagesPerSecond ?? null;
  if (rate !== null && (rate < 1 || rate > 500)) {
    throw invalidParameter('MaxNumberOfMessagesPerSecond must be between 1 and 500.');
  }
  if (tasksOf(sqs, source.name, 10).some((task) => task.status === 'RUNNING')) {
    throw unsupportedOperation(
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  }
  const handle = Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: request.SourceArn })).toString('base64');
  sqs.db.run(
    `INSERT INTO moveTasks (handle, source, destination, status, perSecond, moved, toMove, startedAt)
     VALUES (?, ?, ?, 'RUNNING', ?, 0, ?, ?)`,
    handle,
    source.name,
    destination?.name ?? null,
    rate,
    countMessages(sqs, source.name).visible,
    sqs.wall.now(),
  );
  return { TaskHandle: handle };
}

/** "ListMessageMoveTasks": the newest first; a handle only for a running one. */
export function listMessageMoveTasks(sqs: SqsContext, input: unknown) {
  const request = parseInput(listing, input);
  const source = queueOfArn(sqs, request.SourceArn);
  const arn = (name: string) => request.SourceArn.slice(0, -source.name.length) + name;
  return {
    Results: tasksOf(sqs, source.name, request.MaxResults ?? 1).map((task) => ({
      ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
      Status: task.status,
      SourceArn: request.SourceArn,
      ...(task.destination !== null && { DestinationArn: arn(task.destination) }),
      ...(task.perSecond !== null && { MaxNumberOfMessagesPerSecond: task.perSecond }),
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.toMove,
      ...(task.failure !== null && { FailureReason: task.failure }),
      StartedTimestamp: task.startedAt,
    })),
  };
}

/** "CancelMessageMoveTask": only a running one; what is moved stays moved. */
export function cancelMessageMoveTask(sqs: SqsContext, input: unknown) {
  const { TaskHandle } = parseInput(cancelling, input);
  const task = sqs.db.get<MoveTask>('SELECT * FROM moveTasks WHERE handle = ?', TaskHandle);
  if (task === undefined) throw resourceNotFound('Task does not exist.');
  if (task.status !== 'RUNNING') throw unsupportedOperation('Only running tasks can be cancelled.');
  sqs.db.run("UPDATE moveTasks SET status = 'CANCELLED' WHERE place = ?", task.place);
  return { ApproximateNumberOfMessagesMoved: task.moved };
}

function tasksOf(sqs: SqsContext, source: string, limit: number): MoveTask[] {
  return sqs.db.all<MoveTask>('SELECT * FROM moveTasks WHERE source = ? ORDER BY place DESC LIMIT ?', source, limit);
}

function queueOfArn(sqs: SqsContext, arn: string): Queue {
  const queue = findQueue(sqs, nameOfArn(arn));
  if (queue === undefined)
    throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
  return queue;
}
