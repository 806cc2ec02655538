import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalidParameter } from '../../common/aws-error.ts';
import { parseInput } from '../../common/input.ts';
import { type MessageRow, numberOf, type Queue, queueOfUrl, type SqsContext } from '../queues/queue.ts';
import { candidates } from './candidates.ts';
import { toHandle } from './handle.ts';
import { type MessageAttribute, md5, md5OfAttributes } from './md5.ts';
import { bringUpToDate } from './upkeep.ts';

const requestSchema = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.number().int().nullish(),
  VisibilityTimeout: z.number().int().nullish(),
  WaitTimeSeconds: z.number().int().nullish(),
  AttributeNames: z.array(z.string()).nullish(),
  MessageSystemAttributeNames: z.array(z.string()).nullish(),
  MessageAttributeNames: z.array(z.string()).nullish(),
});
type Request = z.output<typeof requestSchema>;

/** "ReceiveMessage": waits up to WaitTimeSeconds for a first message (long polling), woken by events, not by polling. */
export async function receiveMessage(sqs: SqsContext, input: unknown, signal: AbortSignal) {
  const request = parseInput(requestSchema, input);
  checkRange('MaxNumberOfMessages', request.MaxNumberOfMessages, 1, 10);
  checkRange('VisibilityTimeout', request.VisibilityTimeout, 0, 43_200);
  checkRange('WaitTimeSeconds', request.WaitTimeSeconds, 0, 20);
  const first = queueOfUrl(sqs, request.QueueUrl);
  const seconds = request.WaitTimeSeconds ?? numberOf(first, 'ReceiveMessageWaitTimeSeconds');
  const until = sqs.wall.now() + sqs.wall.lasts(seconds);
  for (;;) {
    const messages = sqs.db.transaction(() => {
      bringUpToDate(sqs);
      return take(sqs, queueOfUrl(sqs, request.QueueUrl), request);
    });
    if (messages.length > 0) sqs.waiters.wakeAll();
    const left = until - sqs.wall.now();
    if (messages.length > 0 || left <= 0 || signal.aborted) return messages.length > 0 ? { Messages: messages } : {};
    await sqs.waiters.wait(left, signal);
    // A caller that hung up must not get messages, because they would stay hidden without a reader.
    if (signal.aborted) return {};
  }
}

function checkRange(name: string, value: number | null | undefined, low: number, high: number): void {
  if (value === null || value === undefined || (value >= low && value <= high)) return;
  throw invalidParameter(
    `Value ${value} for parameter ${name} is invalid. Reason: Must be >= ${low} and <= ${high}, if provided.`,
  );
}

function take(sqs: SqsContext, queue: Queue, request: Request) {
  const now = sqs.wall.now();
  const seconds = request.VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout');
  const visibleAt = now + sqs.wall.lasts(seconds);
  return candidates(sqs, queue, request.MaxNumberOfMessages ?? 1).map((row) => {
    const receipt = randomUUID();
    sqs.db.run(
      `UPDATE messages SET receipt = ?, visibleAt = ?, receivedAt = ?, receiveCount = receiveCount + 1,
         firstReceivedAt = COALESCE(firstReceivedAt, ?) WHERE place = ?`,
      receipt,
      visibleAt,
      now,
      now,
      row.place,
    );
    const received = {
      ...row,
      receiveCount: row.receiveCount + 1,
      firstReceivedAt: row.firstReceivedAt ?? now,
      receipt,
    };
    return toMessage(sqs, queue, received, request);
  });
}

function toMessage(sqs: SqsContext, queue: Queue, row: MessageRow, request: Request) {
  const stored = JSON.parse(row.attributes) as Record<string, MessageAttribute>;
  const attributes = pick(stored, request.MessageAttributeNames ?? []);
  const system = systemAttributes(sqs, row, [
    ...(request.AttributeNames ?? []),
    ...(request.MessageSystemAttributeNames ?? []),
  ]);
  return {
    MessageId: row.id,
    ReceiptHandle: toHandle({ queue: queue.name, messageId: row.id, receipt: row.receipt ?? '' }),
    MD5OfBody: md5(row.body),
    Body: row.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

/** "ReceiveMessage", MessageAttributeNames: names, `All`, `.*`, or a prefix followed by `.*`. */
function pick(stored: Record<string, MessageAttribute>, names: readonly string[]) {
  const wanted = (name: string) =>
    names.some((n) => n === 'All' || n === name || (n.endsWith('.*') && name.startsWith(n.slice(0, -2))));
  return Object.fromEntries(Object.entries(stored).filter(([name]) => wanted(name)));
}

/** "ReceiveMessage", MessageSystemAttributeNames. */
function systemAttributes(sqs: SqsContext, row: MessageRow, names: readonly string[]): Record<string, string> {
  const all: Record<string, string | null> = {
    SenderId: sqs.accountId,
    SentTimestamp: String(Math.floor(row.sentAt)),
    ApproximateReceiveCount: String(row.receiveCount),
    ApproximateFirstReceiveTimestamp: String(Math.floor(row.firstReceivedAt ?? 0)),
    SequenceNumber: row.sequence,
    MessageGroupId: row.groupId === '' ? null : row.groupId,
    MessageDeduplicationId: row.deduplicationId,
    AWSTraceHeader: row.traceHeader,
    DeadLetterQueueSourceArn: row.deadLetterSource,
  };
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== null && (names.includes('All') || names.includes(name))) chosen[name] = value;
  }
  return chosen;
}
