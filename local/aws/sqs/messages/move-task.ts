import { z } from 'zod';
import { invalidParameter } from '../../common/aws-error.ts';
import { parseInput } from '../../common/input.ts';
import { resourceNotFound } from '../queues/errors.ts';
import { findQueue, type MessageRow, nameOfArn, type Queue, type SqsContext } from '../queues/queue.ts';
import { sourcesOf } from '../queues/queue-attributes.ts';
import { enqueue } from './enqueue.ts';
import type { MessageAttribute } from './md5.ts';

const starting = z.object({ SourceArn: z.string(), DestinationArn: z.string().nullish() });

/**
 * "StartMessageMoveTask": moves the visible messages of a dead-letter queue to their sources or to one queue of the same
 * type. AWS moves them after the answer; here they are moved before it, so that no task is left to list or to cancel.
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
  for (const message of visibleMessages(sqs, source)) {
    const target = destination ?? findQueue(sqs, nameOfArn(message.deadLetterSource ?? ''));
    // A message that no redrive policy brought has no source to go back to: AWS's task fails at it.
    if (target === undefined) break;
    move(sqs, message, target);
  }
  return { TaskHandle: Buffer.from(request.SourceArn).toString('base64') };
}

function visibleMessages(sqs: SqsContext, queue: Queue): MessageRow[] {
  return sqs.db.all<MessageRow>(
    'SELECT * FROM messages WHERE queue = ? AND visibleAt <= ? ORDER BY place',
    queue.name,
    sqs.wall.now(),
  );
}

/** "Configure a dead-letter queue redrive": redriven messages are new ones, with a new message id and enqueue time. */
function move(sqs: SqsContext, message: MessageRow, target: Queue): void {
  sqs.db.run('DELETE FROM messages WHERE place = ?', message.place);
  enqueue(sqs, target, {
    body: message.body,
    attributes: JSON.parse(message.attributes) as Record<string, MessageAttribute>,
    traceHeader: message.traceHeader ?? undefined,
    groupId: message.groupId,
    deduplicationId: target.fifo ? message.id : undefined,
    delaySeconds: 0,
  });
}

function queueOfArn(sqs: SqsContext, arn: string): Queue {
  const queue = findQueue(sqs, nameOfArn(arn));
  if (queue === undefined)
    throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
  return queue;
}
