import { randomUUID } from 'node:crypto';
import { type MessageRow, numberOf, type Queue, type SqsContext } from '../queues/queue.ts';
import type { MessageAttribute } from './md5.ts';

/** "Amazon SQS exactly-once processing" (developer guide): the deduplication interval, in AWS's seconds. */
const DEDUPLICATION_SECONDS = 300;

export type NewMessage = {
  body: string;
  attributes: Record<string, MessageAttribute>;
  traceHeader?: string | undefined;
  groupId?: string | undefined;
  deduplicationId?: string | undefined;
  delaySeconds?: number | undefined;
};

export type Enqueued = { messageId: string; sequenceNumber: string | undefined };

/**
 * Puts a message into a queue. "Using the message deduplication ID": a second one with the same id within five minutes
 * is accepted and answered with the first one's ids, and not delivered, even if the first has been deleted since.
 */
export function enqueue(sqs: SqsContext, queue: Queue, message: NewMessage): Enqueued {
  const known = findDuplicate(sqs, queue, message);
  if (known !== undefined) return known;
  const now = sqs.wall.now();
  const delay = message.delaySeconds ?? numberOf(queue, 'DelaySeconds');
  const row = {
    id: randomUUID(),
    body: message.body,
    attributes: JSON.stringify(message.attributes),
    traceHeader: message.traceHeader ?? null,
    groupId: message.groupId ?? '',
    deduplicationId: message.deduplicationId ?? null,
    sentAt: now,
    visibleAt: now + sqs.wall.lasts(delay),
    receiveCount: 0,
    firstReceivedAt: null,
    deadLetterSource: null,
  };
  const sequenceNumber = insert(sqs, queue, row);
  remember(sqs, queue, message, row.id, sequenceNumber);
  return { messageId: row.id, sequenceNumber };
}

/** Puts a message into a queue that comes from another queue: visible at once, without deduplication. */
export function enqueueMoved(sqs: SqsContext, queue: Queue, message: Insertable): void {
  insert(sqs, queue, { ...message, visibleAt: sqs.wall.now() });
}

type Insertable = Omit<MessageRow, 'place' | 'queue' | 'sequence' | 'receipt' | 'receivedAt'>;

function insert(sqs: SqsContext, queue: Queue, row: Insertable): string | undefined {
  const sequence = queue.fifo ? nextSequence(sqs, queue) : undefined;
  sqs.db.run(
    `INSERT INTO messages (queue, id, body, attributes, traceHeader, groupId, deduplicationId, sequence, sentAt,
       visibleAt, receiveCount, firstReceivedAt, deadLetterSource) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    queue.name,
    row.id,
    row.body,
    row.attributes,
    row.traceHeader,
    row.groupId,
    row.deduplicationId,
    sequence ?? null,
    row.sentAt,
    row.visibleAt,
    row.receiveCount,
    row.firstReceivedAt,
    row.deadLetterSource,
  );
  return sequence;
}

/** "SendMessage", SequenceNumber: 128 bits wide, growing, not consecutive. Twenty digits compare as text too. */
function nextSequence(sqs: SqsContext, queue: Queue): string {
  const row = sqs.db.get<{ sequence: number }>(
    'UPDATE queues SET sequence = sequence + 1 WHERE name = ? RETURNING sequence',
    queue.name,
  );
  return String(18_000_000_000_000_000_000n + BigInt(row?.sequence ?? 0) * 256n);
}

/** "DeduplicationScope" (SetQueueAttributes): the whole queue, or each message group for itself. */
function scopeOf(queue: Queue, message: NewMessage): string {
  return queue.attributes.DeduplicationScope === 'messageGroup' ? `group ${message.groupId ?? ''}` : 'queue';
}

function findDuplicate(sqs: SqsContext, queue: Queue, message: NewMessage): Enqueued | undefined {
  if (!queue.fifo || message.deduplicationId === undefined) return undefined;
  sqs.db.run('DELETE FROM deduplications WHERE until <= ?', sqs.wall.now());
  const known = sqs.db.get<{ messageId: string; sequence: string }>(
    'SELECT messageId, sequence FROM deduplications WHERE queue = ? AND scope = ? AND deduplicationId = ?',
    queue.name,
    scopeOf(queue, message),
    message.deduplicationId,
  );
  return known && { messageId: known.messageId, sequenceNumber: known.sequence };
}

function remember(sqs: SqsContext, queue: Queue, message: NewMessage, id: string, sequence: string | undefined): void {
  if (!queue.fifo || message.deduplicationId === undefined) return;
  sqs.db.run(
    'INSERT INTO deduplications (queue, scope, deduplicationId, messageId, sequence, until) VALUES (?, ?, ?, ?, ?, ?)',
    queue.name,
    scopeOf(queue, message),
    message.deduplicationId,
    id,
    sequence ?? '',
    sqs.wall.now() + sqs.wall.lasts(DEDUPLICATION_SECONDS),
  );
}
