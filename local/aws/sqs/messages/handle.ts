import { z } from 'zod';
import { receiptHandleExpired, receiptHandleIsInvalid } from '../queues/errors.ts';
import type { MessageRow, Queue, SqsContext } from '../queues/queue.ts';

/** A receipt handle's content: one receive of one message. */
type Handle = { queue: string; messageId: string; receipt: string };

const handle = z.tuple([z.string(), z.string(), z.string()]);

export function toHandle({ queue, messageId, receipt }: Handle): string {
  return Buffer.from(JSON.stringify([queue, messageId, receipt])).toString('base64');
}

function readHandle(text: string, queue: Queue): Handle {
  try {
    const [name, messageId, receipt] = handle.parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8')));
    if (name === queue.name) return { queue: name, messageId, receipt };
  } catch {
    // An unreadable handle is refused below, like one of another queue.
  }
  throw receiptHandleIsInvalid();
}

/**
 * The message a handle stands for; undefined if it is deleted, or (standard queues) was received again since.
 * On a FIFO queue a handle expires with the visibility timeout of its receive ("DeleteMessage", "Amazon SQS visibility
 * timeout").
 */
export function messageOfHandle(sqs: SqsContext, queue: Queue, text: string): MessageRow | undefined {
  const { messageId, receipt } = readHandle(text, queue);
  const row = sqs.db.get<MessageRow>('SELECT * FROM messages WHERE queue = ? AND id = ?', queue.name, messageId);
  if (row === undefined) return undefined;
  const current = row.receipt === receipt;
  if (queue.fifo && (!current || row.visibleAt <= sqs.wall.now())) throw receiptHandleExpired(text);
  return current ? row : undefined;
}
