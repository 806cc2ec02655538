import { expect } from 'vitest';
import { bodies, type Rule, refused } from './rule.ts';

/** Message groups and deduplication. */
export const fifoRules: Rule[] = [
  {
    says: 'a FIFO message needs a message group',
    page: 'using-messagegroupid-property',
    holds: async ({ fifo, send }) => {
      await refused(send(await fifo(), 'body', { MessageGroupId: undefined }), 'MissingParameter');
    },
  },
  {
    says: 'a FIFO message needs a deduplication id unless the queue takes the content for it',
    page: 'API_SendMessage',
    holds: async ({ fifo, send }) => {
      await refused(send(await fifo(), 'body', { MessageDeduplicationId: undefined }), 'InvalidParameterValue');
      const queue = await fifo({ ContentBasedDeduplication: 'true' });
      await send(queue, 'body', { MessageDeduplicationId: undefined });
    },
  },
  {
    says: 'a FIFO message has no delay of its own',
    page: 'API_SendMessage',
    holds: async ({ fifo, send }) => {
      await refused(send(await fifo(), 'body', { DelaySeconds: 5 }), 'InvalidParameterValue');
    },
  },
  {
    says: 'group and deduplication ids are at most 128 characters of letters, digits and punctuation',
    page: 'API_SendMessage',
    holds: async ({ fifo, send }) => {
      const queue = await fifo();
      await send(queue, 'body', { MessageGroupId: 'g'.repeat(128) });
      await refused(send(queue, 'body', { MessageGroupId: 'g'.repeat(129) }), 'InvalidParameterValue');
      await refused(send(queue, 'body', { MessageDeduplicationId: 'a b' }), 'InvalidParameterValue');
    },
  },
  {
    says: 'sequence numbers grow, and are received as sent',
    page: 'FIFO-queues-understanding-logic',
    holds: async ({ fifo, receive, send }) => {
      const queue = await fifo();
      const sent = [await send(queue, 'one'), await send(queue, 'two', { MessageGroupId: 'other' })];
      const numbers = sent.map((answer) => answer.SequenceNumber ?? '');
      expect(BigInt(numbers[0] ?? '')).toBeLessThan(BigInt(numbers[1] ?? ''));
      const received = [...(await receive(queue)), ...(await receive(queue))];
      expect(received.map((message) => message.Attributes?.SequenceNumber).sort()).toEqual(numbers.toSorted());
    },
  },
  {
    says: 'one receive hands out up to ten messages of one group, in order',
    page: 'FIFO-queues-understanding-logic',
    holds: async ({ fifo, receive, send }) => {
      const queue = await fifo();
      const sent = Array.from({ length: 12 }, (_, index) => `m${index}`);
      for (const body of sent) await send(queue, body);
      const received = await receive(queue);
      expect(bodies(received)).toEqual(sent.slice(0, 10));
      expect(received[0]?.Attributes).toMatchObject({ MessageGroupId: 'g' });
    },
  },
  {
    says: 'a receive may mix groups, each in its order',
    page: 'FIFO-queues-understanding-logic',
    holds: async ({ fifo, receive, send }) => {
      const queue = await fifo();
      for (const body of ['a1', 'b1', 'a2', 'b2']) await send(queue, body, { MessageGroupId: body.charAt(0) });
      const received = bodies(await receive(queue));
      expect(received.filter((body) => body?.startsWith('a'))).toEqual(['a1', 'a2']);
      expect(received.filter((body) => body?.startsWith('b'))).toEqual(['b1', 'b2']);
    },
  },
  {
    says: 'while any message of a group is in flight nobody gets another of it',
    page: 'FIFO-queues-understanding-logic',
    holds: async ({ fifo, receive, remove, send }) => {
      const queue = await fifo();
      for (const body of ['m1', 'm2', 'm3']) await send(queue, body);
      const first = await receive(queue, { MaxNumberOfMessages: 2 });
      await send(queue, 'other', { MessageGroupId: 'other' });
      expect(bodies(await receive(queue))).toEqual(['other']);
      await remove(queue, first[0]);
      expect(await receive(queue)).toEqual([]);
      await remove(queue, first[1]);
      expect(bodies(await receive(queue))).toEqual(['m3']);
    },
  },
  {
    says: 'what was not deleted comes back in its place, before what was sent later',
    page: 'FIFO-queues-understanding-logic',
    waitsSeconds: 3,
    holds: async ({ fifo, pass, receive, remove, send }) => {
      const queue = await fifo();
      for (const body of ['m1', 'm2', 'm3']) await send(queue, body);
      const received = await receive(queue, { VisibilityTimeout: 2 });
      await send(queue, 'm4');
      await remove(queue, received[1]);
      await pass(3);
      const again = await receive(queue);
      expect(bodies(again)).toEqual(['m1', 'm3', 'm4']);
      expect(again.map((message) => message.Attributes?.ApproximateReceiveCount)).toEqual(['2', '2', '1']);
    },
  },
  {
    says: 'a second message with the same deduplication id is accepted and not delivered',
    page: 'using-messagededuplicationid-property',
    holds: async ({ fifo, receive, send }) => {
      const queue = await fifo();
      const first = await send(queue, 'first', { MessageDeduplicationId: 'd' });
      const second = await send(queue, 'second', { MessageDeduplicationId: 'd' });
      expect(second.MessageId).toBe(first.MessageId);
      const received = await receive(queue);
      expect(bodies(received)).toEqual(['first']);
      expect(received[0]?.Attributes?.MessageDeduplicationId).toBe('d');
    },
  },
  {
    says: 'a deleted message still counts for deduplication',
    page: 'FIFO-queues-exactly-once-processing',
    holds: async ({ fifo, receive, remove, send }) => {
      const queue = await fifo();
      await send(queue, 'first', { MessageDeduplicationId: 'd' });
      await remove(queue, (await receive(queue))[0]);
      await send(queue, 'again', { MessageDeduplicationId: 'd' });
      expect(await receive(queue)).toEqual([]);
    },
  },
  {
    says: 'deduplication ends after five minutes',
    page: 'FIFO-queues-exactly-once-processing',
    waitsSeconds: 301,
    holds: async ({ fifo, pass, receive, send }) => {
      const queue = await fifo();
      await send(queue, 'first', { MessageDeduplicationId: 'd' });
      await pass(290);
      await send(queue, 'too early', { MessageDeduplicationId: 'd' });
      await pass(11);
      await send(queue, 'again', { MessageDeduplicationId: 'd' });
      expect(bodies(await receive(queue))).toEqual(['first', 'again']);
    },
  },
  {
    says: 'content-based deduplication looks at the body alone, and an id given wins over it',
    page: 'API_SendMessage',
    holds: async ({ fifo, receive, send }) => {
      const queue = await fifo({ ContentBasedDeduplication: 'true' });
      const noId = { MessageDeduplicationId: undefined };
      await send(queue, 'body', noId);
      await send(queue, 'body', { ...noId, MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } } });
      await send(queue, 'body', { MessageDeduplicationId: 'given' });
      expect(bodies(await receive(queue))).toEqual(['body', 'body']);
    },
  },
  {
    says: 'deduplication spans the groups of a queue unless its scope is the group',
    page: 'high-throughput-fifo',
    holds: async ({ fifo, receive, send }) => {
      const toBoth = async (queue: string) => {
        for (const MessageGroupId of ['a', 'b'])
          await send(queue, 'body', { MessageGroupId, MessageDeduplicationId: 'd' });
        return bodies([...(await receive(queue)), ...(await receive(queue))]);
      };
      expect(await toBoth(await fifo())).toEqual(['body']);
      const scoped = { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };
      expect(await toBoth(await fifo(scoped))).toEqual(['body', 'body']);
    },
  },
];
