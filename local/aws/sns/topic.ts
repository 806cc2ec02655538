import { AwsError } from '../common/aws-error.ts';
import type { Database } from '../common/database.ts';
import type { ScaledClock } from '../common/scaled-clock.ts';
import type { SqsContext } from '../sqs/queues/queue.ts';
import type { Form } from './query.ts';

/** What every SNS action works on; deliveries go into `sqs` directly, or over HTTP. */
export type SnsContext = {
  db: Database;
  wall: ScaledClock;
  sqs: SqsContext;
  url: () => string;
  region: string;
  accountId: string;
  /** Posts to an HTTP endpoint, with SNS's retries, after the request that caused it is answered. */
  post: (delivery: HttpDelivery) => void;
};

export type HttpDelivery = {
  endpoint: string;
  type: 'Notification' | 'SubscriptionConfirmation';
  messageId: string;
  topicArn: string;
  subscriptionArn?: string;
  raw: boolean;
  body: string;
};

export type Subscription = {
  arn: string;
  topic: string;
  protocol: string;
  endpoint: string;
  raw: number;
  /** Set while the endpoint has not confirmed. */
  token: string | null;
};

export const notFound = (what: string) =>
  new AwsError('NotFoundException', `${what} does not exist`, { queryCode: 'NotFound', status: 404 });
export const invalid = (reason: string) =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${reason}`, { queryCode: 'InvalidParameter' });

/** A parameter that has to be there. */
export function required(form: Form, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw invalid(name);
  return value;
}

export function requireTopic(sns: SnsContext, arn: string): string {
  if (sns.db.get('SELECT arn FROM topics WHERE arn = ?', arn) === undefined) throw notFound('Topic');
  return arn;
}

export function subscriptionsOf(sns: SnsContext, topic: string): Subscription[] {
  return sns.db.all<Subscription>('SELECT * FROM subscriptions WHERE topic = ? ORDER BY rowid', topic);
}
