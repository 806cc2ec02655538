import { expect } from 'vitest';
import { type Bench, bodies, type Rule } from './rule.ts';

/** A FIFO queue whose messages go to another one after `maxReceiveCount` receives. */
export async function withDeadLetters({ attributes, fifo }: Bench, maxReceiveCount: number) {
  const failures = await fifo();
  const arn = (await attributes(failures)).QueueArn ?? '';
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount });
  const queue = await fifo({ RedrivePolicy, VisibilityTimeout: '1' });
  return { queue, failures, failuresArn: arn, queueArn: (await attributes(queue)).QueueArn ?? '' };
}

/** The effects of a redrive policy. */
export const deadLetterRules: Rule[] = [
  {
    says: 'what was received too often goes to the dead-letter queue and tells where it came from',
    page: 'sqs-dead-letter-queues',
    waitsSeconds: 6,
    holds: async (bench) => {
      const { queue, failures, queueArn } = await withDeadLetters(bench, 2);
      const sent = await bench.send(queue, 'poison', {
        MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
      });
      for (let count = 0; count < 2; count++) {
        expect(bodies(await bench.receive(queue))).toEqual(['poison']);
        await bench.pass(2);
      }
      expect(await bench.receive(queue)).toEqual([]);
      const [dead] = await bench.receive(failures, { WaitTimeSeconds: 2 });
      expect(dead?.MessageId).toBe(sent.MessageId);
      expect(dead?.Attributes).toMatchObject({ DeadLetterQueueSourceArn: queueArn, MessageGroupId: 'g' });
      expect(dead?.MessageAttributes).toMatchObject({ n: { DataType: 'Number', StringValue: '1' } });
    },
  },
  {
    says: 'a dead letter does not hold up the rest of its group',
    page: 'sqs-dead-letter-queues',
    waitsSeconds: 2,
    holds: async (bench) => {
      const { queue } = await withDeadLetters(bench, 1);
      await bench.send(queue, 'poison');
      await bench.receive(queue);
      await bench.send(queue, 'next');
      await bench.pass(2);
      expect(bodies(await bench.receive(queue))).toEqual(['next']);
    },
  },
  {
    says: 'in a FIFO dead-letter queue the message id stands for the deduplication id',
    page: 'sqs-configure-dead-letter-queue-redrive',
    waitsSeconds: 2,
    holds: async (bench) => {
      const { queue, failures } = await withDeadLetters(bench, 1);
      const sent = await bench.send(queue, 'poison', { MessageDeduplicationId: 'mine' });
      await bench.receive(queue);
      await bench.pass(2);
      await bench.receive(queue);
      const [dead] = await bench.receive(failures, { WaitTimeSeconds: 2 });
      expect(dead?.Attributes?.MessageDeduplicationId).toBe(sent.MessageId);
    },
  },
];
