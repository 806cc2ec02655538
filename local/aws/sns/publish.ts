import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../common/aws-error.ts';
import { runBatch } from '../sqs/messages/batch.ts';
import { enqueue } from '../sqs/messages/enqueue.ts';
import type { MessageAttribute } from '../sqs/messages/md5.ts';
import { findQueue, type SqsContext } from '../sqs/queues/queue.ts';
import { record } from './journal.ts';
import { type Form, members } from './query.ts';
import { invalid, required, requireTopic, subscribedQueues } from './topics.ts';

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

export function publish(sqs: SqsContext, form: Form) {
  const topicArn = form.get('TopicArn') ?? form.get('TargetArn');
  if (topicArn === null) throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
  return publishOne(sqs, requireTopic(sqs, topicArn), form);
}

/** "PublishBatch": up to ten entries with distinct ids, each for itself. */
export function publishBatch(sqs: SqsContext, form: Form) {
  const topicArn = requireTopic(sqs, required(form, 'TopicArn'));
  const entries = members(form, 'PublishBatchRequestEntries.member');
  const byId = new Map(entries.map((entry) => [entry.get('Id') ?? '', entry]));
  const batch = entries.map((entry) => ({ Id: entry.get('Id') ?? '' }));
  try {
    return runBatch(batch, ({ Id }) => publishOne(sqs, topicArn, byId.get(Id) ?? new URLSearchParams()));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // The same refusals as SQS's, named without the service.
    throw new AwsError(`${error.code}Exception`, error.message, { queryCode: error.code });
  }
}

function publishOne(sqs: SqsContext, topicArn: string, form: Form) {
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
  record(sqs, message);
  for (const queueName of subscribedQueues(sqs, topicArn)) deliver(sqs, queueName, message);
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

function deliver(sqs: SqsContext, queueName: string, message: Message): void {
  const body = message.byProtocol?.sqs ?? message.byProtocol?.default ?? message.text;
  const queue = findQueue(sqs, queueName);
  if (queue !== undefined) enqueue(sqs, queue, { body, attributes: message.attributes });
}
