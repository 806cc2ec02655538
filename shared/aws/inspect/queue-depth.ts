import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { inspect } from './inspect-error.ts';

/** `hidden`: received and not yet deleted, or put off. Both are approximate. */
export type QueueDepth = { waiting: number; hidden: number };

const answerSchema = z.object({
  Attributes: z.object({
    ApproximateNumberOfMessages: z.coerce.number(),
    ApproximateNumberOfMessagesNotVisible: z.coerce.number(),
    ApproximateNumberOfMessagesDelayed: z.coerce.number(),
  }),
});

/** Reads how many messages a queue holds. */
export async function readQueueDepth(from: ClientOrEnv<SQSClient>, queueUrl: string): Promise<QueueDepth> {
  const client = clientFrom(from, SQSClient);
  const command = new GetQueueAttributesCommand({
    QueueUrl: queueUrl,
    AttributeNames: [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ],
  });
  const doing = `Counting the messages of ${queueUrl.split('/').at(-1)}`;
  const { Attributes: read } = answerSchema.parse(await inspect(doing, () => client.send(command)));
  return {
    waiting: read.ApproximateNumberOfMessages,
    hidden: read.ApproximateNumberOfMessagesNotVisible + read.ApproximateNumberOfMessagesDelayed,
  };
}
