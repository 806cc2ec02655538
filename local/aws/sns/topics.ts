import { randomUUID } from 'node:crypto';
import { AwsError } from '../common/aws-error.ts';
import { findQueue, nameOfArn, type SqsContext } from '../sqs/queues/queue.ts';
import { type Form, textMap } from './query.ts';

export const invalid = (reason: string) =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${reason}`, { queryCode: 'InvalidParameter' });

/** A parameter that has to be there. */
export function required(form: Form, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw invalid(name);
  return value;
}

export function requireTopic(sqs: SqsContext, arn: string): string {
  if (sqs.db.get('SELECT arn FROM topics WHERE arn = ?', arn) === undefined) {
    throw new AwsError('NotFoundException', 'Topic does not exist', { queryCode: 'NotFound', status: 404 });
  }
  return arn;
}

/** Names of the queues that are subscribed to a topic, oldest subscription first. */
export function subscribedQueues(sqs: SqsContext, topic: string): string[] {
  const rows = sqs.db.all<{ queue: string }>(
    'SELECT queue FROM queueSubscriptions WHERE topic = ? ORDER BY rowid',
    topic,
  );
  return rows.map(({ queue }) => queue);
}

/** "CreateTopic" (SNS API reference): idempotent. Standard topics only, because the product has no other. */
export function createTopic(sqs: SqsContext, form: Form) {
  const name = required(form, 'Name');
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) {
    throw invalid(name.endsWith('.fifo') ? 'FIFO topics are not offered here' : 'Topic Name');
  }
  const arn = `arn:aws:sns:${sqs.region}:${sqs.accountId}:${name}`;
  sqs.db.run(
    'INSERT INTO topics (arn, name, attributes) VALUES (?, ?, ?) ON CONFLICT (arn) DO NOTHING',
    arn,
    name,
    JSON.stringify(textMap(form, 'Attributes')),
  );
  return { TopicArn: arn };
}

/**
 * "Subscribe" (SNS API reference), as far as the deployment uses it: a queue of the same account, with raw delivery. The
 * same queue twice is one subscription. Everything else is refused, so that no caller relies on it unnoticed.
 */
export function subscribe(sqs: SqsContext, form: Form) {
  const topic = requireTopic(sqs, required(form, 'TopicArn'));
  const protocol = required(form, 'Protocol');
  if (protocol !== 'sqs') throw invalid(`Protocol ${protocol} is not offered here`);
  checkAttributes(textMap(form, 'Attributes'));
  const queue = findQueue(sqs, nameOfArn(required(form, 'Endpoint')));
  if (queue === undefined) throw invalid('SQS endpoint ARN');
  // "Subscribe": a FIFO queue subscribes to FIFO topics only.
  if (queue.fifo)
    throw invalid('Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
  const existing = sqs.db.get<{ arn: string }>(
    'SELECT arn FROM queueSubscriptions WHERE topic = ? AND queue = ?',
    topic,
    queue.name,
  );
  if (existing !== undefined) return { SubscriptionArn: existing.arn };
  const arn = `${topic}:${randomUUID()}`;
  sqs.db.run('INSERT INTO queueSubscriptions (arn, topic, queue) VALUES (?, ?, ?)', arn, topic, queue.name);
  return { SubscriptionArn: arn };
}

function checkAttributes({ RawMessageDelivery: raw, ...others }: Record<string, string>): void {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(`AttributeName ${unknown} is not offered here`);
  if (raw !== 'true') throw invalid('Delivery without RawMessageDelivery is not offered here');
}
