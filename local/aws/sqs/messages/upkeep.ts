import {
  findQueue,
  listQueues,
  type MessageRow,
  nameOfArn,
  numberOf,
  type Queue,
  queueArn,
  redrivePolicyOf,
  type SqsContext,
} from '../queues/queue.ts';
import { enqueueMoved } from './enqueue.ts';

/**
 * Applies the effects of passing time before every action: retention ends, and a message that was received too
 * often goes to its dead-letter queue as soon as it would be visible again.
 */
export function bringUpToDate(sqs: SqsContext): void {
  for (const queue of listQueues(sqs)) {
    forget(sqs, queue);
    deadLetter(sqs, queue);
  }
}

/** "SetQueueAttributes", MessageRetentionPeriod: SQS keeps a message for this long, whether it was received or not. */
function forget(sqs: SqsContext, queue: Queue): void {
  const before = sqs.wall.now() - sqs.wall.lasts(numberOf(queue, 'MessageRetentionPeriod'));
  sqs.db.run('DELETE FROM messages WHERE queue = ? AND sentAt <= ?', queue.name, before);
}

/**
 * "Using dead-letter queues in Amazon SQS": when the receive count exceeds maxReceiveCount the message moves. A FIFO
 * queue's message starts its retention anew there; a standard queue's keeps its enqueue time.
 */
function deadLetter(sqs: SqsContext, queue: Queue): void {
  const policy = redrivePolicyOf(queue);
  if (policy === undefined) return;
  const target = findQueue(sqs, nameOfArn(policy.deadLetterTargetArn));
  if (target === undefined) return;
  const due = sqs.db.all<MessageRow>(
    'SELECT * FROM messages WHERE queue = ? AND receiveCount >= ? AND visibleAt <= ? ORDER BY place',
    queue.name,
    policy.maxReceiveCount,
    sqs.wall.now(),
  );
  for (const message of due) {
    sqs.db.run('DELETE FROM messages WHERE place = ?', message.place);
    enqueueMoved(sqs, target, {
      ...message,
      // "Configure a dead-letter queue redrive": the deduplication id is replaced by the message id.
      deduplicationId: target.fifo ? message.id : null,
      sentAt: target.fifo ? sqs.wall.now() : message.sentAt,
      deadLetterSource: queueArn(sqs, queue.name),
    });
  }
}

/** Milliseconds until time alone changes what can be received; undefined: never. */
export function nextChangeIn(sqs: Pick<SqsContext, 'db' | 'wall'>): number | undefined {
  const now = sqs.wall.now();
  const next = sqs.db.get<{ at: number | null }>('SELECT MIN(visibleAt) AS at FROM messages WHERE visibleAt > ?', now);
  return next === undefined || next.at === null ? undefined : next.at - now;
}
