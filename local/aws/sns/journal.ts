import type { Database } from '../common/database.ts';
import type { MessageAttribute } from '../sqs/messages/md5.ts';
import type { SqsContext } from '../sqs/queues/queue.ts';

/** One message published to a topic, as it was published. */
export type PublishedMessage = {
  messageId: string;
  topicArn: string;
  subject: string | undefined;
  message: string;
  attributes: Record<string, { type: string; value: string }>;
  /** Epoch milliseconds. */
  publishedAt: number;
};

type Row = {
  id: string;
  topic: string;
  subject: string | null;
  message: string;
  attributes: string;
  publishedAt: number;
};
type Published = {
  id: string;
  topicArn: string;
  subject: string | undefined;
  text: string;
  attributes: Record<string, MessageAttribute>;
};

/** Kept for reading only (no subscriber gets it from here); the newest ten thousand of them. */
const KEPT = 10_000;

export function record(sqs: SqsContext, message: Published): void {
  sqs.db.run(
    'INSERT INTO published (id, topic, subject, message, attributes, publishedAt) VALUES (?, ?, ?, ?, ?, ?)',
    message.id,
    message.topicArn,
    message.subject ?? null,
    message.text,
    JSON.stringify(message.attributes),
    sqs.wall.now(),
  );
  sqs.db.run('DELETE FROM published WHERE place <= (SELECT MAX(place) FROM published) - ?', KEPT);
}

/** The newest `limit` messages of all topics, oldest first. */
export function readJournal(db: Database, limit: number): PublishedMessage[] {
  const rows = db.all<Row>('SELECT * FROM published ORDER BY place DESC LIMIT ?', limit);
  return rows.reverse().map((row) => {
    const attributes = Object.entries(JSON.parse(row.attributes) as Record<string, MessageAttribute>);
    return {
      messageId: row.id,
      topicArn: row.topic,
      subject: row.subject ?? undefined,
      message: row.message,
      attributes: Object.fromEntries(
        attributes.map(([name, value]) => [
          name,
          { type: value.DataType, value: value.StringValue ?? value.BinaryValue ?? '' },
        ]),
      ),
      publishedAt: row.publishedAt,
    };
  });
}
