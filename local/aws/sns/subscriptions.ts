import { randomUUID } from 'node:crypto';
import { findQueue, nameOfArn } from '../sqs/queues/queue.ts';
import { type Form, textMap, type Xml } from './query.ts';
import { invalid, notFound, required, requireTopic, type SnsContext, type Subscription } from './topic.ts';

/**
 * "Subscribe" (SNS API reference): a queue of the same account is confirmed at once, an HTTP endpoint is sent a token to
 * confirm with. The same endpoint twice is one subscription. Filter policies are not offered and refused.
 */
export function subscribe(sns: SnsContext, form: Form) {
  const topic = requireTopic(sns, required(form, 'TopicArn'));
  const protocol = required(form, 'Protocol');
  const endpoint = required(form, 'Endpoint');
  const attributes = textMap(form, 'Attributes');
  checkAttributes(attributes);
  if (!['sqs', 'http', 'https'].includes(protocol)) throw invalid(`Protocol ${protocol} is not offered here`);
  if (protocol === 'sqs') checkQueue(sns, endpoint);
  const known = sns.db.get<Subscription>(
    'SELECT * FROM subscriptions WHERE topic = ? AND protocol = ? AND endpoint = ?',
    topic,
    protocol,
    endpoint,
  );
  const wantsArn = form.get('ReturnSubscriptionArn') === 'true';
  if (known !== undefined) return { SubscriptionArn: shownArn(known, wantsArn) };
  const token = protocol === 'sqs' ? null : randomUUID().replaceAll('-', '');
  const raw = attributes.RawMessageDelivery === 'true' ? 1 : 0;
  const subscription = { arn: `${topic}:${randomUUID()}`, topic, protocol, endpoint, raw, token };
  sns.db.run(
    'INSERT INTO subscriptions (arn, topic, protocol, endpoint, raw, token) VALUES (?, ?, ?, ?, ?, ?)',
    subscription.arn,
    topic,
    protocol,
    endpoint,
    raw,
    token,
  );
  if (token !== null) askToConfirm(sns, subscription, token);
  return { SubscriptionArn: shownArn(subscription, wantsArn) };
}

const shownArn = (subscription: Subscription, wantsArn: boolean) =>
  subscription.token === null || wantsArn ? subscription.arn : 'pending confirmation';

function checkQueue(sns: SnsContext, arn: string): void {
  const queue = findQueue(sns.sqs, nameOfArn(arn));
  if (queue === undefined) throw invalid('SQS endpoint ARN');
  // "Subscribe": a FIFO queue subscribes to FIFO topics only.
  if (queue.fifo)
    throw invalid('Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
}

function checkAttributes(attributes: Record<string, string>): void {
  const unknown = Object.keys(attributes).find((name) => name !== 'RawMessageDelivery');
  if (unknown !== undefined) throw invalid(`AttributeName ${unknown} is not offered here`);
}

/** "HTTP/HTTPS subscription confirmation JSON format". */
function askToConfirm(sns: SnsContext, subscription: Subscription, token: string): void {
  const messageId = randomUUID();
  const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: subscription.topic, Token: token });
  const body = {
    Type: 'SubscriptionConfirmation',
    MessageId: messageId,
    Token: token,
    TopicArn: subscription.topic,
    Message: `You have chosen to subscribe to the topic ${subscription.topic}.`,
    SubscribeURL: `${sns.url()}/?${query}`,
    Timestamp: new Date(sns.wall.now()).toISOString(),
  };
  const { topic: topicArn, endpoint } = subscription;
  sns.post({ endpoint, type: 'SubscriptionConfirmation', messageId, topicArn, raw: false, body: JSON.stringify(body) });
}

export function confirmSubscription(sns: SnsContext, form: Form) {
  const topic = requireTopic(sns, required(form, 'TopicArn'));
  const found = sns.db.get<Subscription>(
    'SELECT * FROM subscriptions WHERE topic = ? AND token = ?',
    topic,
    required(form, 'Token'),
  );
  if (found === undefined) throw invalid('Token');
  sns.db.run('UPDATE subscriptions SET token = NULL WHERE arn = ?', found.arn);
  return { SubscriptionArn: found.arn };
}

/** "Unsubscribe": succeeds also where there is none. */
export function unsubscribe(sns: SnsContext, form: Form) {
  sns.db.run('DELETE FROM subscriptions WHERE arn = ?', required(form, 'SubscriptionArn'));
  return {};
}

const PAGE = 100;

function listing(sns: SnsContext, form: Form, topic: string): { [tag: string]: Xml } {
  const rows = sns.db.all<Subscription>(
    "SELECT * FROM subscriptions WHERE (?1 = '' OR topic = ?1) AND arn > ?2 ORDER BY arn LIMIT ?3",
    topic,
    form.get('NextToken') ?? '',
    PAGE + 1,
  );
  const page = rows.slice(0, PAGE);
  return {
    Subscriptions: page.map((one) => ({
      SubscriptionArn: one.token === null ? one.arn : 'PendingConfirmation',
      Owner: sns.accountId,
      Protocol: one.protocol,
      Endpoint: one.endpoint,
      TopicArn: one.topic,
    })),
    NextToken: rows.length > PAGE ? page.at(-1)?.arn : undefined,
  };
}

export const listSubscriptions = (sns: SnsContext, form: Form) => listing(sns, form, '');
export const listSubscriptionsByTopic = (sns: SnsContext, form: Form) =>
  listing(sns, form, requireTopic(sns, required(form, 'TopicArn')));

export function setSubscriptionAttributes(sns: SnsContext, form: Form) {
  const arn = required(form, 'SubscriptionArn');
  checkAttributes({ [required(form, 'AttributeName')]: '' });
  const raw = form.get('AttributeValue') === 'true' ? 1 : 0;
  if (sns.db.run('UPDATE subscriptions SET raw = ? WHERE arn = ?', raw, arn) === 0) throw notFound('Subscription');
  return {};
}

export function getSubscriptionAttributes(sns: SnsContext, form: Form) {
  const found = sns.db.get<Subscription>(
    'SELECT * FROM subscriptions WHERE arn = ?',
    required(form, 'SubscriptionArn'),
  );
  if (found === undefined) throw notFound('Subscription');
  const attributes = new Map<string, Xml>([
    ['SubscriptionArn', found.arn],
    ['TopicArn', found.topic],
    ['Protocol', found.protocol],
    ['Endpoint', found.endpoint],
    ['Owner', sns.accountId],
    ['RawMessageDelivery', String(found.raw === 1)],
    ['PendingConfirmation', String(found.token !== null)],
  ]);
  return { Attributes: attributes };
}
