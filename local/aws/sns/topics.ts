import { type Form, textMap, type Xml } from './query.ts';
import { invalid, required, requireTopic, type SnsContext, subscriptionsOf } from './topic.ts';

/** "CreateTopic" (SNS API reference): idempotent. Standard topics only: this product has no other. */
export function createTopic(sns: SnsContext, form: Form) {
  const name = required(form, 'Name');
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) {
    throw invalid(name.endsWith('.fifo') ? 'FIFO topics are not offered here' : 'Topic Name');
  }
  const arn = `arn:aws:sns:${sns.region}:${sns.accountId}:${name}`;
  sns.db.run(
    'INSERT INTO topics (arn, name, attributes) VALUES (?, ?, ?) ON CONFLICT (arn) DO NOTHING',
    arn,
    name,
    JSON.stringify(textMap(form, 'Attributes')),
  );
  return { TopicArn: arn };
}

/** "DeleteTopic": with its subscriptions; succeeds also where there is none. */
export function deleteTopic(sns: SnsContext, form: Form) {
  const arn = required(form, 'TopicArn');
  sns.db.run('DELETE FROM subscriptions WHERE topic = ?', arn);
  sns.db.run('DELETE FROM topics WHERE arn = ?', arn);
  return {};
}

const PAGE = 100;

/** "ListTopics": a hundred a page. */
export function listTopics(sns: SnsContext, form: Form) {
  const rows = sns.db.all<{ arn: string }>(
    'SELECT arn FROM topics WHERE arn > ? ORDER BY arn LIMIT ?',
    form.get('NextToken') ?? '',
    PAGE + 1,
  );
  const page = rows.slice(0, PAGE);
  return {
    Topics: page.map(({ arn }) => ({ TopicArn: arn })),
    NextToken: rows.length > PAGE ? page.at(-1)?.arn : undefined,
  };
}

export function getTopicAttributes(sns: SnsContext, form: Form) {
  const arn = requireTopic(sns, required(form, 'TopicArn'));
  const row = sns.db.get<{ attributes: string }>('SELECT attributes FROM topics WHERE arn = ?', arn);
  const stored = JSON.parse(row?.attributes ?? '{}') as Record<string, string>;
  const subscriptions = subscriptionsOf(sns, arn);
  const pending = subscriptions.filter((one) => one.token !== null).length;
  const attributes = new Map<string, Xml>([
    ...Object.entries(stored),
    ['TopicArn', arn],
    ['Owner', sns.accountId],
    ['SubscriptionsConfirmed', String(subscriptions.length - pending)],
    ['SubscriptionsPending', String(pending)],
  ]);
  return { Attributes: attributes };
}
