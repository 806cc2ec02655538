import { findQueue, type MessageRow, queueUrl, type SqsContext } from './queue.ts';
import { countMessages } from './queue-attributes.ts';

/** One message as it is stored in a queue. */
export type QueuedMessage = {
  messageId: string;
  body: string;
  groupId: string | undefined;
  sequenceNumber: string | undefined;
  receiveCount: number;
  /** Epoch milliseconds. */
  sentAt: number;
  /** Epoch milliseconds from which it can be received; in the past for a visible one. */
  visibleAt: number;
  state: 'visible' | 'delayed' | 'in-flight';
};

export type QueueContents = {
  name: string;
  url: string;
  visible: number;
  delayed: number;
  inFlight: number;
  /** In queue order, at most `limit`. */
  messages: QueuedMessage[];
};

/** Without receiving anything; in queue order, at most `limit` messages. */
export function readContents(sqs: SqsContext, name: string, limit: number): QueueContents | undefined {
  const queue = findQueue(sqs, name);
  if (queue === undefined) return undefined;
  const now = sqs.wall.now();
  const rows = sqs.db.all<MessageRow>('SELECT * FROM messages WHERE queue = ? ORDER BY place LIMIT ?', name, limit);
  const stateOf = (row: MessageRow) => {
    if (row.visibleAt <= now) return 'visible';
    return row.receiveCount > 0 ? 'in-flight' : 'delayed';
  };
  return {
    name,
    url: queueUrl(sqs, name),
    ...countMessages(sqs, name),
    messages: rows.map((row) => ({
      messageId: row.id,
      body: row.body,
      groupId: row.groupId === '' ? undefined : row.groupId,
      sequenceNumber: row.sequence ?? undefined,
      receiveCount: row.receiveCount,
      sentAt: row.sentAt,
      visibleAt: row.visibleAt,
      state: stateOf(row),
    })),
  };
}
