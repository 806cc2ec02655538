import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { FailureRecord } from '../../../shared/domain/ledger/message.ts';
import type { Deployment } from '../deployment.ts';
import type { Say } from '../report/steps.ts';
import { until } from '../report/until.ts';

type Failure = { message: Message; failure: FailureRecord };

/** Waits until `failures.fifo` shows a dead letter of each of these changes; all that it showed. */
export async function awaitFailures(deployment: Deployment, say: Say, keys: readonly string[]): Promise<Failure[]> {
  const { signal } = deployment;
  return until(`dead letters of ${keys.join(', ')}`, { say, signal }, async () => {
    const found = await readFailures(deployment);
    const shown = found.map(({ failure }) => failure.ref?.idempotencyKey);
    return keys.every((key) => shown.includes(key)) ? found : undefined;
  });
}

/** The dead letters as they lie in `failures.fifo`; they stay visible. */
async function readFailures({ clients, product }: Deployment): Promise<Failure[]> {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: product.outputs.FailuresQueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages.map((message) => ({ message, failure: JSON.parse(message.Body ?? '') as FailureRecord }));
}

/** Moves a dead letter to `changes.fifo`, as the console's "Redrive to a custom destination" does. */
export async function moveBack({ clients, product }: Deployment, { message }: Failure): Promise<void> {
  const { Body: MessageBody, Attributes = {}, ReceiptHandle, MessageId } = message;
  const { MessageGroupId } = Attributes;
  const to = { QueueUrl: product.outputs.ChangesQueueUrl, MessageDeduplicationId: `moved-${MessageId}` };
  await clients.sqs.send(new SendMessageCommand({ ...to, MessageBody, MessageGroupId }));
  await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: product.outputs.FailuresQueueUrl, ReceiptHandle }));
}

/** Waits until a queue of the product holds nothing, hidden messages too: SQS counts with delay. */
export async function awaitEmpty(deployment: Deployment, say: Say, name: string): Promise<void> {
  const { signal } = deployment;
  await until(
    `${name} to be empty`,
    { say, signal },
    async () => (await countMessages(deployment, name)) === 0 || undefined,
  );
}

async function countMessages({ clients, product }: Deployment, name: string): Promise<number> {
  const QueueName = `${product.configuration.name}-${name}`;
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}
