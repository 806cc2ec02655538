import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientOptions } from '../../../local/aws/client-options.ts';
import { startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { type EventSourceOptions, startEventSource } from '../../../local/lambda/event-source.ts';
import type { BatchReport } from '../../../local/lambda/work-batch.ts';

type Handler = (event: SQSEvent, context: Context) => unknown;

/** A FIFO queue whose messages return after 30/100 s, and a function behind it. */
async function startWorld() {
  const endpoint = await startAwsEndpoint({ timeFactor: 100 });
  const client = new SQSClient(clientOptions(endpoint.environment()));
  const attributes = { FifoQueue: 'true' };
  const created = await client.send(new CreateQueueCommand({ QueueName: 'lane.fifo', Attributes: attributes }));
  const queueUrl = created.QueueUrl ?? '';
  onTestFinished(async () => {
    client.destroy();
    await endpoint.close();
  });
  const reports: BatchReport[] = [];
  const start = (handler: Handler, options: Partial<EventSourceOptions> & { timeoutMs?: number } = {}) => {
    const source = startEventSource({
      function: { name: 'apply', timeoutMs: options.timeoutMs ?? 10_000, handler },
      environment: endpoint.environment(),
      queueUrl,
      onBatch: (report) => reports.push(report),
      ...options,
    });
    onTestFinished(() => source.close({ kill: true }));
    return source;
  };
  const send = async (...bodies: string[]) => {
    for (const MessageBody of bodies) {
      const ids = { MessageGroupId: MessageBody.charAt(0), MessageDeduplicationId: randomUUID() };
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, ...ids }));
    }
  };
  return { client, endpoint, queueUrl, reports, send, start };
}

const bodiesOf = (event: SQSEvent) => event.Records.map((record) => record.body);

describe('the event source', () => {
  it('hands over batches of up to ten, mixed groups in order, and deletes what succeeded', async () => {
    const { endpoint, reports, send, start } = await startWorld();
    const sent = Array.from({ length: 12 }, (_, index) => `${index % 2 === 0 ? 'a' : 'b'}${index}`);
    await send(...sent);
    const seen: string[] = [];
    const sizes: number[] = [];
    const source = start((event) => {
      seen.push(...bodiesOf(event));
      sizes.push(event.Records.length);
    });
    await source.drain();
    for (const group of ['a', 'b']) {
      const of = (bodies: string[]) => bodies.filter((body) => body.startsWith(group));
      expect(of(seen)).toEqual(of(sent));
    }
    expect(sizes[0]).toBe(10);
    expect(reports.every((report) => report.outcome === 'succeeded')).toBe(true);
    expect(endpoint.contents('lane.fifo')).toMatchObject({ visible: 0, inFlight: 0, messages: [] });
  });

  it('gives records the shape Lambda gives them', async () => {
    const { queueUrl, client, start } = await startWorld();
    const message = {
      QueueUrl: queueUrl,
      MessageBody: '{"n":1}',
      MessageGroupId: 'a',
      MessageDeduplicationId: 'd',
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'update' },
        raw: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
      },
    };
    const sent = await client.send(new SendMessageCommand(message));
    const events: SQSEvent[] = [];
    const contexts: Context[] = [];
    const source = start((event, context) => {
      events.push(event);
      contexts.push(context);
    });
    await source.drain();
    expect(events).toEqual([
      {
        Records: [
          {
            messageId: sent.MessageId,
            receiptHandle: expect.any(String),
            body: '{"n":1}',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: expect.stringMatching(/^\d{13}$/),
              SenderId: expect.any(String),
              ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
              SequenceNumber: sent.SequenceNumber,
              MessageGroupId: 'a',
              MessageDeduplicationId: 'd',
            },
            messageAttributes: {
              kind: { stringValue: 'update', stringListValues: [], binaryListValues: [], dataType: 'String' },
              raw: { binaryValue: 'AQI=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
            },
            md5OfMessageAttributes: sent.MD5OfMessageAttributes,
            md5OfBody: sent.MD5OfMessageBody,
            eventSource: 'aws:sqs',
            eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:lane.fifo',
            awsRegion: 'eu-central-1',
          },
        ],
      },
    ]);
    expect(contexts[0]?.functionName).toBe('apply');
  });

  it('returns exactly the reported records, before what comes after them', async () => {
    const { reports, send, start } = await startWorld();
    await send('a1', 'a2', 'a3');
    const batches: string[][] = [];
    const source = start((event) => {
      batches.push(bodiesOf(event));
      if (batches.length > 1) return { batchItemFailures: [] };
      return { batchItemFailures: event.Records.slice(1).map((record) => ({ itemIdentifier: record.messageId })) };
    });
    await source.drain();
    expect(batches).toEqual([
      ['a1', 'a2', 'a3'],
      ['a2', 'a3'],
    ]);
    expect(reports[0]).toMatchObject({ outcome: 'partial' });
    expect(reports[0]?.returned).toEqual(reports[1]?.messageIds);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('broken')), 'failed'],
    ['answers an unknown id', () => ({ batchItemFailures: [{ itemIdentifier: 'x' }] }), 'malformed-response'],
  ] as const)('gives the whole batch another try when the function %s', async (_, misbehave, outcome) => {
    const { reports, send, start } = await startWorld();
    await send('a1', 'a2');
    const batches: string[][] = [];
    const source = start((event) => {
      batches.push(bodiesOf(event));
      return batches.length === 1 ? misbehave() : null;
    });
    await source.drain();
    expect(batches).toEqual([
      ['a1', 'a2'],
      ['a1', 'a2'],
    ]);
    expect(reports.map((report) => report.outcome)).toEqual([outcome, 'succeeded']);
  });

  it('abandons an invocation at its timeout, and its messages return', async () => {
    const { reports, send, start } = await startWorld();
    await send('a1');
    const left: number[] = [];
    const abandoned = Promise.withResolvers<void>();
    const source = start(
      (_event, context) => {
        left.push(context.getRemainingTimeInMillis());
        return left.length === 1 ? abandoned.promise : undefined;
      },
      { timeoutMs: 50 },
    );
    await source.drain();
    abandoned.resolve();
    expect(reports.map((report) => report.outcome)).toEqual(['timed-out', 'succeeded']);
    expect(left.every((ms) => ms > 0 && ms <= 50)).toBe(true);
  });

  it('leaves a visibility that the function has set', async () => {
    const { client, queueUrl, send, start } = await startWorld();
    await send('a1');
    const at: number[] = [];
    const source = start(async (event) => {
      at.push(Date.now());
      const [record] = event.Records;
      if (at.length > 1 || record === undefined) return undefined;
      const { receiptHandle: ReceiptHandle, messageId: itemIdentifier } = record;
      const Entries = [{ Id: '0', ReceiptHandle, VisibilityTimeout: 80 }];
      await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
      return { batchItemFailures: [{ itemIdentifier }] };
    });
    await source.drain();
    // 80 s at factor 100; the queue's own 30 s would have been 300 ms.
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(800);
  });

  it('works at most maximumConcurrency batches at once, and never two of one group', async () => {
    const { send, start } = await startWorld();
    await send(...['a', 'b', 'c', 'd'].flatMap((group) => [`${group}1`, `${group}2`]));
    const open = new Set<string>();
    const threeAtOnce = Promise.withResolvers<void>();
    let most = 0;
    let shared = false;
    const handler = async (event: SQSEvent) => {
      const group = event.Records[0]?.body.charAt(0) ?? '';
      shared ||= open.has(group);
      open.add(group);
      most = Math.max(most, open.size);
      if (open.size === 3) threeAtOnce.resolve();
      await threeAtOnce.promise;
      open.delete(group);
    };
    const source = start(handler, { batchSize: 1, maximumConcurrency: 3 });
    await source.drain();
    expect(shared).toBe(false);
    expect(most).toBe(3);
  });

  it('lets a running batch end when it is closed, or leaves its messages to return', async () => {
    const { endpoint, send, start } = await startWorld();
    await send('a1');
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const source = start(async () => {
      begun.resolve();
      await gate.promise;
    });
    await begun.promise;
    await source.close({ kill: true });
    gate.resolve();
    expect(endpoint.contents('lane.fifo')).toMatchObject({ visible: 0, inFlight: 1 });
    const second = start(() => undefined);
    await second.drain();
    await second.close();
    expect(second.active()).toBe(0);
    expect(endpoint.contents('lane.fifo')?.messages).toEqual([]);
  });
});
