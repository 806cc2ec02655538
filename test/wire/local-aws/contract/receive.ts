import { DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { bodies, type Rule, refused } from './rule.ts';

/** Receiving and deleting, from any kind of queue. */
export const receiveRules: Rule[] = [
  {
    says: 'a receive hands out one to ten messages, and refuses other wishes',
    page: 'API_ReceiveMessage',
    holds: async ({ receive, standard }) => {
      const queue = await standard();
      await refused(receive(queue, { MaxNumberOfMessages: 11 }), 'InvalidParameterValue');
      await refused(receive(queue, { WaitTimeSeconds: 21 }), 'InvalidParameterValue');
      expect(await receive(queue, { MaxNumberOfMessages: 10 })).toEqual([]);
    },
  },
  {
    says: 'a message tells when it was sent and received and how often',
    page: 'API_ReceiveMessage',
    waitsSeconds: 2,
    holds: async ({ pass, receive, send, standard }) => {
      const queue = await standard({ VisibilityTimeout: '1' });
      await send(queue, 'body');
      const [first] = await receive(queue);
      await pass(2);
      const [second] = await receive(queue);
      expect(first?.Attributes?.ApproximateReceiveCount).toBe('1');
      expect(second?.Attributes?.ApproximateReceiveCount).toBe('2');
      expect(second?.MessageId).toBe(first?.MessageId);
      expect(second?.Attributes?.SentTimestamp).toBe(first?.Attributes?.SentTimestamp);
      const firstReceived = second?.Attributes?.ApproximateFirstReceiveTimestamp;
      expect(firstReceived).toBe(first?.Attributes?.ApproximateFirstReceiveTimestamp);
      expect(Number(first?.Attributes?.SentTimestamp)).toBeLessThanOrEqual(Number(firstReceived));
    },
  },
  {
    says: 'only the system attributes asked for are answered',
    page: 'API_ReceiveMessage',
    holds: async ({ receive, send, standard }) => {
      const queue = await standard();
      await send(queue, 'body');
      const [message] = await receive(queue, { MessageSystemAttributeNames: ['SentTimestamp'] });
      expect(Object.keys(message?.Attributes ?? {})).toEqual(['SentTimestamp']);
    },
  },
  {
    says: 'the trace header goes along',
    page: 'sqs-message-metadata',
    holds: async ({ receive, send, standard }) => {
      const queue = await standard();
      const header = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
      await send(queue, 'body', {
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: header } },
      });
      const [message] = await receive(queue);
      expect(message?.Attributes?.AWSTraceHeader).toBe(header);
    },
  },
  {
    says: 'message attributes are chosen by name, by prefix, or all',
    page: 'API_ReceiveMessage',
    waitsSeconds: 6,
    holds: async ({ pass, receive, send, standard }) => {
      const queue = await standard({ VisibilityTimeout: '1' });
      const text = (StringValue: string) => ({ DataType: 'String', StringValue });
      await send(queue, 'body', {
        MessageAttributes: { 'ticket.id': text('1'), 'ticket.line': text('2'), other: text('3') },
      });
      const names = async (MessageAttributeNames: string[]) => {
        const [message] = await receive(queue, { MessageAttributeNames });
        await pass(2);
        return Object.keys(message?.MessageAttributes ?? {}).sort();
      };
      expect(await names(['ticket.*'])).toEqual(['ticket.id', 'ticket.line']);
      expect(await names(['other'])).toEqual(['other']);
      expect(await names(['All'])).toEqual(['other', 'ticket.id', 'ticket.line']);
    },
  },
  {
    says: 'a waiting receive answers as soon as a message is sent',
    page: 'sqs-short-and-long-polling',
    holds: async ({ receive, send, standard }) => {
      const queue = await standard();
      const waiting = receive(queue, { WaitTimeSeconds: 20 });
      const inVain = receive(await standard(), { WaitTimeSeconds: 2 });
      await send(queue, 'awaited');
      // Of two that wait, the one with the message is answered first, though it would wait longer.
      expect(bodies(await Promise.race([waiting, inVain]))).toEqual(['awaited']);
      await inVain;
    },
  },
  {
    says: 'a waiting receive answers with nothing after its time',
    page: 'sqs-short-and-long-polling',
    holds: async ({ receive, standard }) => {
      expect(await receive(await standard(), { WaitTimeSeconds: 1 })).toEqual([]);
    },
  },
  {
    says: 'deleting a message again succeeds',
    page: 'API_DeleteMessage',
    holds: async ({ receive, remove, send, standard }) => {
      const queue = await standard();
      await send(queue, 'body');
      const [message] = await receive(queue);
      await remove(queue, message);
      await remove(queue, message);
      expect(await receive(queue)).toEqual([]);
    },
  },
  {
    says: 'a receipt handle that never was one is refused',
    page: 'API_DeleteMessage',
    holds: async ({ fifo, remove }) => {
      await refused(remove(await fifo(), { ReceiptHandle: 'no-handle' }), 'ReceiptHandleIsInvalid');
    },
  },
  {
    says: 'a batch of deletions tells which succeeded',
    page: 'API_DeleteMessageBatch',
    holds: async ({ client, receive, send, standard }) => {
      const queue = await standard();
      await send(queue, 'body');
      const [message] = await receive(queue);
      const answer = await client.send(
        new DeleteMessageBatchCommand({
          QueueUrl: queue,
          Entries: [
            { Id: 'good', ReceiptHandle: message?.ReceiptHandle },
            { Id: 'bad', ReceiptHandle: 'no-handle' },
          ],
        }),
      );
      expect(answer.Successful?.map((entry) => entry.Id)).toEqual(['good']);
      expect(answer.Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }]);
    },
  },
  {
    says: 'messages are forgotten after the retention period',
    page: 'API_SetQueueAttributes',
    waitsSeconds: 61,
    holds: async ({ attributes, pass, receive, send, standard }) => {
      const queue = await standard({ MessageRetentionPeriod: '60' });
      await send(queue, 'old');
      await pass(61);
      await send(queue, 'young');
      expect(bodies(await receive(queue))).toEqual(['young']);
      expect(await attributes(queue)).toMatchObject({ ApproximateNumberOfMessages: '0' });
    },
  },
];
