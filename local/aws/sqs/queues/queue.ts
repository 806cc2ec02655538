import { z } from 'zod';
import type { Database } from '../../common/database.ts';
import type { ScaledClock } from '../../common/scaled-clock.ts';
import { DEFAULTS } from './attributes.ts';
import { queueDoesNotExist } from './errors.ts';
import type { QueueWaiters } from './queue-waiters.ts';

/** The context of every SQS action. */
export type SqsContext = {
  db: Database;
  wall: ScaledClock;
  waiters: QueueWaiters;
  /** Origin of queue URLs. */
  url: () => string;
  region: string;
  accountId: string;
};

export type Queue = {
  name: string;
  fifo: boolean;
  /** As set; see `DEFAULTS` for the rest. */
  attributes: Record<string, string>;
  createdAt: number;
  modifiedAt: number;
};

type QueueRow = { name: string; attributes: string; createdAt: number; modifiedAt: number };

/** One message as stored; times are epoch milliseconds. */
export type MessageRow = {
  place: number;
  queue: string;
  id: string;
  body: string;
  attributes: string;
  traceHeader: string | null;
  groupId: string;
  deduplicationId: string | null;
  sequence: string | null;
  sentAt: number;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt: number | null;
  receipt: string | null;
  receivedAt: number | null;
  deadLetterSource: string | null;
};

const attributesOf = z.record(z.string(), z.string());

const toQueue = (row: QueueRow): Queue => ({
  ...row,
  fifo: row.name.endsWith('.fifo'),
  attributes: attributesOf.parse(JSON.parse(row.attributes)),
});

export const queueArn = (sqs: SqsContext, name: string) => `arn:aws:sqs:${sqs.region}:${sqs.accountId}:${name}`;
export const queueUrl = (sqs: SqsContext, name: string) => `${sqs.url()}/${sqs.accountId}/${name}`;
export const nameOfArn = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);

export function findQueue(sqs: SqsContext, name: string): Queue | undefined {
  const row = sqs.db.get<QueueRow>('SELECT * FROM queues WHERE name = ?', name);
  return row && toQueue(row);
}

export function listQueues(sqs: SqsContext): Queue[] {
  return sqs.db.all<QueueRow>('SELECT * FROM queues ORDER BY name').map(toQueue);
}

/** The queue of a URL: only its last part counts, so that a URL survives a restart on another port. */
export function queueOfUrl(sqs: SqsContext, url: string): Queue {
  const queue = findQueue(sqs, url.slice(url.lastIndexOf('/') + 1));
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}

/** A numeric attribute, by default AWS's default. */
export function numberOf(queue: Queue, attribute: keyof typeof DEFAULTS): number {
  return Number(queue.attributes[attribute] ?? DEFAULTS[attribute]);
}

export type RedrivePolicy = { deadLetterTargetArn: string; maxReceiveCount: number };
const redrivePolicy = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int() });

export function redrivePolicyOf(queue: Queue): RedrivePolicy | undefined {
  const text = queue.attributes.RedrivePolicy;
  return text === undefined || text === '' ? undefined : redrivePolicy.parse(JSON.parse(text));
}
