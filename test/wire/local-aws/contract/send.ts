import { SendMessageBatchCommand, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Bench, bodies, type Rule, refused } from './rule.ts';

const batch = ({ client }: Bench, QueueUrl: string, Entries: SendMessageBatchRequestEntry[]) =>
  client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

/** Sending, to any kind of queue. */
export const sendRules: Rule[] = [
  {
    says: 'the answer carries the MD5 of the body and of the message attributes',
    page: 'sqs-message-metadata',
    holds: async ({ send, standard }) => {
      const sent = await send(await standard(), 'lane', {
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'update' },
          raw: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2, 3]) },
        },
      });
      // Computed apart from this code, by the algorithm of that page.
      expect(sent.MD5OfMessageBody).toBe('35544953757f37fade2c9be741f7a7ff');
      expect(sent.MD5OfMessageAttributes).toBe('8e17707cb74bbd7ddbb82973396372d5');
    },
  },
  {
    says: 'characters that XML cannot carry are refused',
    page: 'API_SendMessage',
    holds: async ({ send, standard }) => {
      await refused(send(await standard(), 'a\u0000b'), 'InvalidMessageContents');
    },
  },
  {
    says: 'a message is at most MaximumMessageSize bytes, attributes included',
    page: 'API_SendMessage',
    holds: async ({ send, standard }) => {
      const queue = await standard({ MaximumMessageSize: '1024' });
      await send(queue, 'x'.repeat(1024));
      await refused(send(queue, 'ü'.repeat(513)), 'InvalidParameterValue');
      const attributes = { MessageAttributes: { note: { DataType: 'String', StringValue: 'y' } } };
      await refused(send(queue, 'x'.repeat(1020), attributes), 'InvalidParameterValue');
    },
  },
  {
    says: 'a message has at most ten attributes',
    page: 'sqs-message-metadata',
    holds: async ({ send, standard }) => {
      const names = Array.from({ length: 11 }, (_, index) => [`n${index}`, { DataType: 'String', StringValue: 'v' }]);
      const attempt = send(await standard(), 'body', { MessageAttributes: Object.fromEntries(names) });
      await refused(attempt, 'InvalidParameterValue');
    },
  },
  {
    says: 'a batch has one to ten entries with distinct, well-formed ids',
    page: 'API_SendMessageBatch',
    holds: async (bench) => {
      const queue = await bench.standard();
      const entries = (...ids: string[]) => ids.map((Id) => ({ Id, MessageBody: Id }));
      const eleven = Array.from({ length: 11 }, (_, index) => String(index));
      await refused(batch(bench, queue, []), 'EmptyBatchRequest');
      await refused(batch(bench, queue, entries(...eleven)), 'TooManyEntriesInBatchRequest');
      await refused(batch(bench, queue, entries('a', 'a')), 'BatchEntryIdsNotDistinct');
      await refused(batch(bench, queue, entries('a b')), 'InvalidBatchEntryId');
    },
  },
  {
    says: 'the messages of a batch together are at most 1 MiB',
    page: 'API_SendMessageBatch',
    holds: async (bench) => {
      const queue = await bench.standard();
      const entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: 'x'.repeat(400_000) }));
      await refused(batch(bench, queue, entries), 'BatchRequestTooLong');
    },
  },
  {
    says: 'the entries of a batch succeed and fail each for itself',
    page: 'API_SendMessageBatch',
    holds: async (bench) => {
      const queue = await bench.standard({ MaximumMessageSize: '1024' });
      const answer = await batch(bench, queue, [
        { Id: 'good', MessageBody: 'fits' },
        { Id: 'bad', MessageBody: 'x'.repeat(2000) },
      ]);
      expect(answer.Successful?.map((entry) => entry.Id)).toEqual(['good']);
      expect(answer.Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'InvalidParameterValue' }]);
      expect(bodies(await bench.receive(queue))).toEqual(['fits']);
    },
  },
  {
    says: 'a delayed message of a standard queue is received after its delay, not before',
    page: 'sqs-message-timers',
    waitsSeconds: 3,
    holds: async ({ pass, receive, send, standard }) => {
      const queue = await standard();
      await send(queue, 'later', { DelaySeconds: 2 });
      expect(await receive(queue)).toEqual([]);
      await pass(3);
      expect(bodies(await receive(queue))).toEqual(['later']);
    },
  },
  {
    says: 'a deduplication id is not for standard queues',
    page: 'API_SendMessage',
    holds: async ({ send, standard }) => {
      await refused(send(await standard(), 'body', { MessageDeduplicationId: 'd' }), 'InvalidParameterValue');
    },
  },
];
