import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../common/aws-error.ts';
import { runBatch } from '../sqs/messages/batch.ts';
import { enqueue } from '../sqs/messages/enqueue.ts';
import type { MessageAttribute } from '../sqs/messages/md5.ts';
import { findQueue, nameOfArn } from '../sqs/queues/queue.ts';
import { record } from './journal.ts';
import { type Form, members } from './query.ts';
import { invalid, required, requireTopic, type SnsContext, type Subscription, subscriptionsOf } from './topic.ts';

type Message = {
  id: string;
  topicArn: string;
  subject: string | undefined;
  /** As published; with MessageStructure=json a JSON object of texts by protocol. */
  text: string;
  byProtocol: Record<string, string> | undefined;
  attributes: Record<string, MessageAttribute>;
};

/** "Publish" (SNS API reference): at most 256 KiB. */
const MAX_BYTES = 262_144;

export function publish(sns: SnsContext, form: Form) {
  const topicArn = form.get('TopicArn') ?? form.get('TargetArn');
  if (topicArn === null) throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
  return publishOne(sns, requireTopic(sns, topicArn), form);
}

/** "PublishBatch": up to ten entries with distinct ids, each for itself. */
export function publishBatch(sns: SnsContext, form: Form) {
  const topicArn = requireTopic(sns, required(form, 'TopicArn'));
  const entries = members(form, 'PublishBatchRequestEntries.member');
  const byId = new Map(entries.map((entry) => [entry.get('Id') ?? '', entry]));
  const batch = entries.map((entry) => ({ Id: entry.get('Id') ?? '' }));
  try {
    return runBatch(batch, ({ Id }) => publishOne(sns, topicArn, byId.get(Id) ?? new URLSearchParams()));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // The same refusals as SQS's, named without the service.
    throw new AwsError(`${error.code}Exception`, error.message, { queryCode: error.code });
  }
}

function publishOne(sns: SnsContext, topicArn: string, form: Form) {
  const text = form.get('Message') ?? '';
  if (text === '') throw invalid('Empty message');
  if (Buffer.byteLength(text) > MAX_BYTES) throw invalid('Message too long');
  const message: Message = {
    id: randomUUID(),
    topicArn,
    subject: form.get('Subject') ?? undefined,
    text,
    byProtocol: form.get('MessageStructure') === 'json' ? readStructure(text) : undefined,
    attributes: readAttributes(form),
  };
  record(sns, message);
  for (const subscription of subscriptionsOf(sns, topicArn)) {
    if (subscription.token === null) deliver(sns, subscription, message);
  }
  return { MessageId: message.id };
}

/** "Publish", MessageStructure: a JSON object of texts with at least a `default`. */
function readStructure(text: string): Record<string, string> {
  try {
    return z.looseObject({ default: z.string() }).catchall(z.string()).parse(JSON.parse(text));
  } catch {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
}

function readAttributes(form: Form): Record<string, MessageAttribute> {
  const attributes: Record<string, MessageAttribute> = {};
  for (const entry of members(form, 'MessageAttributes.entry')) {
    attributes[entry.get('Name') ?? ''] = {
      DataType: entry.get('Value.DataType') ?? 'String',
      StringValue: entry.get('Value.StringValue') ?? undefined,
      BinaryValue: entry.get('Value.BinaryValue') ?? undefined,
    };
  }
  return attributes;
}

function deliver(sns: SnsContext, subscription: Subscription, message: Message): void {
  const text = message.byProtocol?.[subscription.protocol] ?? message.byProtocol?.default ?? message.text;
  const raw = subscription.raw === 1;
  const body = raw ? text : envelope(sns, subscription, message, text);
  if (subscription.protocol !== 'sqs') {
    const { endpoint, arn: subscriptionArn } = subscription;
    const { id: messageId, topicArn } = message;
    sns.post({ endpoint, type: 'Notification', messageId, topicArn, subscriptionArn, raw, body });
    return;
  }
  const queue = findQueue(sns.sqs, nameOfArn(subscription.endpoint));
  if (queue !== undefined) enqueue(sns.sqs, queue, { body, attributes: raw ? message.attributes : {} });
}

/** "Amazon SNS message and JSON formats": what a subscriber without raw delivery gets. The signature is a dummy. */
function envelope(sns: SnsContext, subscription: Subscription, message: Message, text: string): string {
  const unsubscribe = new URLSearchParams({ Action: 'Unsubscribe', SubscriptionArn: subscription.arn });
  const attributes = Object.entries(message.attributes).map(([name, value]) => [
    name,
    { Type: value.DataType, Value: value.StringValue ?? value.BinaryValue ?? '' },
  ]);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: message.topicArn,
    ...(message.subject !== undefined && { Subject: message.subject }),
    Message: text,
    Timestamp: new Date(sns.wall.now()).toISOString(),
    SignatureVersion: '1',
    Signature: 'bm90IHNpZ25lZA==',
    SigningCertURL: `${sns.url()}/no-certificate.pem`,
    UnsubscribeURL: `${sns.url()}/?${unsubscribe}`,
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
  });
}
