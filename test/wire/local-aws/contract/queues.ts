import { GetQueueAttributesCommand, GetQueueUrlCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Rule, refused } from './rule.ts';

/** Queues and their attributes. */
export const queueRules: Rule[] = [
  {
    says: 'creating a queue again with the same attributes answers the same URL',
    page: 'API_CreateQueue',
    holds: async ({ create, name }) => {
      const queue = name();
      const url = await create(queue, { VisibilityTimeout: '40' });
      expect(await create(queue, { VisibilityTimeout: '40' })).toBe(url);
    },
  },
  {
    says: 'creating a queue again with another attribute value is refused',
    page: 'API_CreateQueue',
    holds: async ({ create, name }) => {
      const queue = name();
      await create(queue, { VisibilityTimeout: '40' });
      await refused(create(queue, { VisibilityTimeout: '41' }), 'QueueNameExists');
    },
  },
  {
    says: 'the name of a FIFO queue ends with .fifo, and no other does',
    page: 'API_CreateQueue',
    holds: async ({ create, name }) => {
      await refused(create(name(), { FifoQueue: 'true' }), 'InvalidParameterValue');
      await refused(create(name('.fifo'), {}), 'InvalidParameterValue');
    },
  },
  {
    says: 'the URL of a queue is found by its name, and only if there is one',
    page: 'API_GetQueueUrl',
    holds: async ({ client, create, name }) => {
      const queue = name();
      const url = await create(queue, {});
      expect((await client.send(new GetQueueUrlCommand({ QueueName: queue }))).QueueUrl).toBe(url);
      await refused(client.send(new GetQueueUrlCommand({ QueueName: name() })), 'QueueDoesNotExist');
    },
  },
  {
    says: 'what is not set has its documented default',
    page: 'API_SetQueueAttributes',
    holds: async ({ attributes, fifo }) => {
      expect(await attributes(await fifo())).toMatchObject({
        VisibilityTimeout: '30',
        DelaySeconds: '0',
        MaximumMessageSize: '1048576',
        MessageRetentionPeriod: '345600',
        ReceiveMessageWaitTimeSeconds: '0',
        FifoQueue: 'true',
        ContentBasedDeduplication: 'false',
      });
    },
  },
  {
    says: 'only the attributes asked for are answered',
    page: 'API_GetQueueAttributes',
    holds: async ({ client, standard }) => {
      const QueueUrl = await standard();
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout', 'QueueArn'] }),
      );
      expect(Object.keys(Attributes ?? {}).sort()).toEqual(['QueueArn', 'VisibilityTimeout']);
    },
  },
  {
    says: 'values out of range and unknown names are refused',
    page: 'API_SetQueueAttributes',
    holds: async ({ client, standard }) => {
      const QueueUrl = await standard();
      const set = (Attributes: Record<string, string>) =>
        client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
      await refused(set({ VisibilityTimeout: '43201' }), 'InvalidAttributeValue');
      await refused(set({ MessageRetentionPeriod: '59' }), 'InvalidAttributeValue');
      await refused(set({ Colour: 'red' }), 'InvalidAttributeName');
    },
  },
  {
    says: 'messages are counted as visible, in flight and delayed',
    page: 'API_GetQueueAttributes',
    holds: async ({ attributes, receive, send, standard }) => {
      const queue = await standard();
      await send(queue, 'visible');
      await send(queue, 'received');
      await send(queue, 'delayed', { DelaySeconds: 100 });
      await receive(queue, { MaxNumberOfMessages: 1 });
      expect(await attributes(queue)).toMatchObject({
        ApproximateNumberOfMessages: '1',
        ApproximateNumberOfMessagesNotVisible: '1',
        ApproximateNumberOfMessagesDelayed: '1',
      });
    },
  },
  {
    says: 'a redrive policy needs a dead-letter queue that exists and is of the same type',
    page: 'sqs-dead-letter-queues',
    holds: async ({ attributes, client, fifo, standard }) => {
      const queue = await standard();
      const other = (await attributes(await fifo())).QueueArn ?? '';
      const aim = (deadLetterTargetArn: string) =>
        client.send(
          new SetQueueAttributesCommand({
            QueueUrl: queue,
            Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }) },
          }),
        );
      await refused(aim(other), 'InvalidParameterValue');
      await refused(aim(`${other.slice(0, other.lastIndexOf(':'))}:contract-nowhere`), 'InvalidParameterValue');
    },
  },
];
