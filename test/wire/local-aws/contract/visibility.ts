import { ChangeMessageVisibilityBatchCommand, type Message } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Bench, bodies, type Rule, refused, rejectFailed } from './rule.ts';

async function hide({ client }: Bench, QueueUrl: string, message: Message | undefined, VisibilityTimeout: number) {
  const Entries = [{ Id: '0', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }];
  rejectFailed(await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })));
}

/** Visibility timeouts and what they do to receipt handles. */
export const visibilityRules: Rule[] = [
  {
    says: 'a received message is hidden for the queue’s visibility timeout',
    page: 'sqs-visibility-timeout',
    waitsSeconds: 4,
    holds: async ({ pass, receive, send, standard }) => {
      const queue = await standard({ VisibilityTimeout: '3' });
      await send(queue, 'body');
      await receive(queue);
      await pass(1);
      expect(await receive(queue)).toEqual([]);
      await pass(3);
      expect(bodies(await receive(queue))).toEqual(['body']);
    },
  },
  {
    says: 'a receive can set its own visibility timeout',
    page: 'API_ReceiveMessage',
    waitsSeconds: 2,
    holds: async ({ pass, receive, send, standard }) => {
      const queue = await standard({ VisibilityTimeout: '1000' });
      await send(queue, 'body');
      await receive(queue, { VisibilityTimeout: 1 });
      await pass(2);
      expect(bodies(await receive(queue))).toEqual(['body']);
    },
  },
  {
    says: 'a visibility timeout of 0 makes a message visible at once',
    page: 'API_ChangeMessageVisibility',
    holds: async (bench) => {
      const queue = await bench.fifo();
      await bench.send(queue, 'body');
      const [message] = await bench.receive(queue);
      await hide(bench, queue, message, 0);
      expect(bodies(await bench.receive(queue))).toEqual(['body']);
    },
  },
  {
    says: 'a message made visible waits while another of its group is in flight',
    page: 'interleaving-multiple-ordered-message-groups',
    holds: async (bench) => {
      const queue = await bench.fifo();
      for (const body of ['m1', 'm2']) await bench.send(queue, body);
      const [first, second] = await bench.receive(queue);
      await hide(bench, queue, first, 0);
      expect(await bench.receive(queue)).toEqual([]);
      await hide(bench, queue, second, 0);
      expect(bodies(await bench.receive(queue))).toEqual(['m1', 'm2']);
    },
  },
  {
    says: 'a new visibility timeout counts from now',
    page: 'API_ChangeMessageVisibility',
    waitsSeconds: 8,
    holds: async (bench) => {
      const queue = await bench.fifo({ VisibilityTimeout: '3' });
      await bench.send(queue, 'body');
      const [message] = await bench.receive(queue);
      await bench.pass(1);
      await hide(bench, queue, message, 5);
      await bench.pass(3);
      expect(await bench.receive(queue)).toEqual([]);
      await bench.pass(4);
      expect(bodies(await bench.receive(queue))).toEqual(['body']);
    },
  },
  {
    says: 'a visibility timeout is at most twelve hours',
    page: 'sqs-visibility-timeout',
    holds: async (bench) => {
      const queue = await bench.fifo();
      await bench.send(queue, 'body');
      const [message] = await bench.receive(queue);
      await refused(hide(bench, queue, message, 43_201), 'InvalidParameterValue');
    },
  },
  {
    says: 'twelve hours count from the receive, not from the change',
    page: 'sqs-visibility-timeout',
    waitsSeconds: 20,
    holds: async (bench) => {
      const queue = await bench.fifo();
      await bench.send(queue, 'body');
      const [message] = await bench.receive(queue);
      await bench.pass(20);
      await refused(hide(bench, queue, message, 43_200), 'InvalidParameterValue');
      await hide(bench, queue, message, 43_000);
    },
  },
  {
    says: 'the visibility of a message that is not in flight cannot be changed',
    page: 'API_ChangeMessageVisibility',
    holds: async (bench) => {
      const queue = await bench.standard();
      await bench.send(queue, 'body');
      const [message] = await bench.receive(queue);
      await hide(bench, queue, message, 0);
      await refused(hide(bench, queue, message, 10), 'MessageNotInflight');
    },
  },
  {
    says: 'on a FIFO queue a receipt handle expires with its visibility timeout',
    page: 'FIFO-queues-exactly-once-processing',
    waitsSeconds: 2,
    holds: async (bench) => {
      const queue = await bench.fifo({ VisibilityTimeout: '1' });
      await bench.send(queue, 'body');
      const [late] = await bench.receive(queue);
      await bench.pass(2);
      await refused(bench.remove(queue, late), 'InvalidParameterValue');
      expect(bodies(await bench.receive(queue))).toEqual(['body']);
    },
  },
  {
    says: 'only the newest receipt handle deletes a message that was received again',
    page: 'API_DeleteMessage',
    waitsSeconds: 3,
    holds: async (bench) => {
      const queue = await bench.standard({ VisibilityTimeout: '1' });
      await bench.send(queue, 'body');
      const [older] = await bench.receive(queue);
      await bench.pass(2);
      const [newer] = await bench.receive(queue);
      expect(newer?.ReceiptHandle).not.toBe(older?.ReceiptHandle);
      await bench.remove(queue, newer);
      await bench.pass(1);
      expect(await bench.receive(queue)).toEqual([]);
    },
  },
  {
    says: 'a batch of changes tells which failed',
    page: 'API_ChangeMessageVisibilityBatch',
    holds: async (bench) => {
      const queue = await bench.fifo();
      await bench.send(queue, 'body');
      const [message] = await bench.receive(queue);
      const answer = await bench.client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: queue,
          Entries: [
            { Id: 'good', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 60 },
            { Id: 'bad', ReceiptHandle: 'no-handle', VisibilityTimeout: 60 },
          ],
        }),
      );
      expect(answer.Successful?.map((entry) => entry.Id)).toEqual(['good']);
      expect(answer.Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }]);
    },
  },
  {
    says: 'a waiting receive answers when a message becomes visible again',
    page: 'sqs-short-and-long-polling',
    holds: async ({ fifo, receive, send }) => {
      const queue = await fifo();
      await send(queue, 'body');
      await receive(queue, { VisibilityTimeout: 1 });
      const waiting = receive(queue, { WaitTimeSeconds: 20 });
      const inVain = receive(await fifo(), { WaitTimeSeconds: 4 });
      expect(bodies(await Promise.race([waiting, inVain]))).toEqual(['body']);
      await inVain;
    },
  },
];
