import { StartMessageMoveTaskCommand, type StartMessageMoveTaskCommandInput } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { withDeadLetters } from './dead-letters.ts';
import { type Bench, bodies, type Rule, refused } from './rule.ts';

const start = ({ client }: Bench, input: StartMessageMoveTaskCommandInput) =>
  client.send(new StartMessageMoveTaskCommand(input));

/** A queue with one dead letter. */
async function withOneDeadLetter(bench: Bench) {
  const queues = await withDeadLetters(bench, 1);
  const sent = await bench.send(queues.queue, 'poison', { MessageDeduplicationId: 'mine' });
  await bench.receive(queues.queue);
  await bench.pass(2);
  await bench.receive(queues.queue);
  return { ...queues, sent };
}

/** Redriving dead letters with SQS's own means. */
export const moveTaskRules: Rule[] = [
  {
    says: 'a move task brings dead letters back to their source as new messages',
    page: 'sqs-configure-dead-letter-queue-redrive',
    waitsSeconds: 4,
    holds: async (bench) => {
      const { queue, failures, failuresArn, sent } = await withOneDeadLetter(bench);
      await start(bench, { SourceArn: failuresArn });
      const [again] = await bench.receive(queue, { WaitTimeSeconds: 20 });
      expect(again?.Body).toBe('poison');
      expect(again?.MessageId).not.toBe(sent.MessageId);
      expect(BigInt(again?.Attributes?.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(sent.SequenceNumber ?? 0));
      expect(await bench.receive(failures)).toEqual([]);
    },
  },
  {
    says: 'a move task can have any queue of the same type for its destination',
    page: 'API_StartMessageMoveTask',
    waitsSeconds: 4,
    holds: async (bench) => {
      const { failures, failuresArn } = await withOneDeadLetter(bench);
      const elsewhere = await bench.fifo();
      const standard = (await bench.attributes(await bench.standard())).QueueArn ?? '';
      await refused(start(bench, { SourceArn: failuresArn, DestinationArn: standard }), 'InvalidParameterValue');
      const DestinationArn = (await bench.attributes(elsewhere)).QueueArn ?? '';
      await start(bench, { SourceArn: failuresArn, DestinationArn });
      expect(bodies(await bench.receive(elsewhere, { WaitTimeSeconds: 20 }))).toEqual(['poison']);
      expect(await bench.receive(failures)).toEqual([]);
    },
  },
  {
    says: 'only a dead-letter queue can be the source of a move task',
    page: 'API_StartMessageMoveTask',
    holds: async (bench) => {
      const arn = (await bench.attributes(await bench.fifo())).QueueArn ?? '';
      await refused(start(bench, { SourceArn: arn }), 'InvalidParameterValue');
      await refused(start(bench, { SourceArn: `${arn}x.fifo` }), 'ResourceNotFoundException');
    },
  },
  {
    says: 'a message that no redrive policy brought has no source to go back to, and stays',
    page: 'API_ListMessageMoveTasks',
    waitsSeconds: 10,
    holds: async (bench) => {
      const { failures, failuresArn } = await withDeadLetters(bench, 5);
      await bench.send(failures, 'sent here by hand');
      await start(bench, { SourceArn: failuresArn });
      await bench.pass(10);
      expect(bodies(await bench.receive(failures))).toEqual(['sent here by hand']);
    },
  },
];
