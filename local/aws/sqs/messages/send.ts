import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalidParameter, missingParameter } from '../../common/aws-error.ts';
import { parseInput } from '../../common/input.ts';
import { batchRequestTooLong, invalidMessageContents } from '../queues/errors.ts';
import { numberOf, type Queue, queueOfUrl, type SqsContext } from '../queues/queue.ts';
import { batchEntry, runBatch } from './batch.ts';
import { enqueue } from './enqueue.ts';
import { type MessageAttribute, md5, md5OfAttributes } from './md5.ts';

const attribute = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
const message = z.object({
  MessageBody: z.string(),
  DelaySeconds: z.number().int().nullish(),
  MessageAttributes: z.record(z.string(), attribute).nullish(),
  MessageSystemAttributes: z.record(z.string(), attribute).nullish(),
  MessageGroupId: z.string().nullish(),
  MessageDeduplicationId: z.string().nullish(),
});
type Message = z.output<typeof message>;
const single = message.extend({ QueueUrl: z.string() });
const batch = z.object({ QueueUrl: z.string(), Entries: z.array(batchEntry) });

/** "SendMessageBatch": all messages of a batch together, in bytes. */
const MAX_BATCH_BYTES = 1_048_576;

export function sendMessage(sqs: SqsContext, input: unknown) {
  const request = parseInput(single, input);
  return sendOne(sqs, queueOfUrl(sqs, request.QueueUrl), request);
}

export function sendMessageBatch(sqs: SqsContext, input: unknown) {
  const request = parseInput(batch, input);
  const queue = queueOfUrl(sqs, request.QueueUrl);
  const bytes = request.Entries.reduce((sum, entry) => sum + sizeOf(message.safeParse(entry).data), 0);
  if (bytes > MAX_BATCH_BYTES) throw batchRequestTooLong(bytes);
  return runBatch(request.Entries, (entry) => sendOne(sqs, queue, parseInput(message, entry)));
}

function sendOne(sqs: SqsContext, queue: Queue, request: Message) {
  checkContents(queue, request);
  const fifo = queue.fifo ? checkFifo(queue, request) : checkStandard(request);
  const attributes = request.MessageAttributes ?? {};
  const system = request.MessageSystemAttributes ?? {};
  const sent = enqueue(sqs, queue, {
    body: request.MessageBody,
    attributes,
    traceHeader: system.AWSTraceHeader?.StringValue,
    delaySeconds: request.DelaySeconds ?? undefined,
    ...fifo,
  });
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: md5(request.MessageBody),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(system),
    SequenceNumber: sent.sequenceNumber,
  };
}

/** "SendMessage": one character at least, at most MaximumMessageSize bytes with attributes, only XML's characters. */
function checkContents(queue: Queue, request: Message): void {
  if (request.MessageBody === '') throw missingParameter('MessageBody');
  const limit = numberOf(queue, 'MaximumMessageSize');
  if (sizeOf(request) > limit) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
  }
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(request.MessageBody)) {
    throw invalidMessageContents();
  }
  const attributes = Object.entries(request.MessageAttributes ?? {});
  // "Amazon SQS message attributes": up to ten, each with a type and a value that is not empty.
  if (attributes.length > 10)
    throw invalidParameter(`Number of message attributes [${attributes.length}] exceeds the allowed maximum [10].`);
  for (const [name, value] of attributes) checkAttribute(name, value);
  for (const name of Object.keys(request.MessageSystemAttributes ?? {})) {
    if (name !== 'AWSTraceHeader') throw invalidParameter(`Message system attribute name '${name}' is invalid.`);
  }
}

function checkAttribute(name: string, value: MessageAttribute): void {
  if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name) || /^(aws|amazon)\.|^\.|\.$|\.\./i.test(name)) {
    throw invalidParameter(`Message (user) attribute name '${name}' is invalid.`);
  }
  if (!/^(String|Number|Binary)(\..+)?$/.test(value.DataType)) {
    throw invalidParameter(`The type of message (user) attribute '${name}' is invalid.`);
  }
  if ((value.DataType.startsWith('Binary') ? value.BinaryValue : value.StringValue) === undefined) {
    throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value.`);
  }
}

function checkFifo(queue: Queue, request: Message) {
  const groupId = request.MessageGroupId ?? undefined;
  if (groupId === undefined) throw missingParameter('MessageGroupId');
  checkId('MessageGroupId', groupId);
  // "SendMessage", DelaySeconds: cannot be set per message on a FIFO queue.
  if ((request.DelaySeconds ?? 0) !== 0) throw unfit('DelaySeconds', String(request.DelaySeconds));
  const given = request.MessageDeduplicationId ?? undefined;
  if (given !== undefined) {
    checkId('MessageDeduplicationId', given);
    return { groupId, deduplicationId: given, delaySeconds: undefined };
  }
  if (queue.attributes.ContentBasedDeduplication !== 'true') {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  // "SendMessage", MessageDeduplicationId: SHA-256 of the body, not of the attributes.
  return {
    groupId,
    deduplicationId: createHash('sha256').update(request.MessageBody).digest('hex'),
    delaySeconds: undefined,
  };
}

function checkStandard(request: Message) {
  if (request.MessageDeduplicationId) throw unfit('MessageDeduplicationId', request.MessageDeduplicationId);
  const delay = request.DelaySeconds ?? 0;
  if (delay < 0 || delay > 900) {
    throw invalidParameter(
      `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
  return { groupId: request.MessageGroupId ?? undefined };
}

/** "SendMessage": up to 128 letters, digits and punctuation. */
function checkId(name: string, value: string): void {
  if (/^[\x21-\x7e]{1,128}$/.test(value)) return;
  throw invalidParameter(
    `Value ${value} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

const unfit = (name: string, value: string) =>
  invalidParameter(
    `Value ${value} for parameter ${name} is invalid. Reason: The request include parameter that is not valid for this queue type.`,
  );

/** Body, and names, types and values of attributes, in bytes. */
function sizeOf(request: Message | undefined): number {
  if (request === undefined) return 0;
  const attributes = Object.entries(request.MessageAttributes ?? {}).map(
    ([name, value]) =>
      Buffer.byteLength(name) +
      Buffer.byteLength(value.DataType) +
      (value.BinaryValue === undefined
        ? Buffer.byteLength(value.StringValue ?? '')
        : Buffer.from(value.BinaryValue, 'base64').length),
  );
  return attributes.reduce((sum, size) => sum + size, Buffer.byteLength(request.MessageBody));
}
