import { randomUUID } from 'node:crypto';
import {
  type BatchResultErrorEntry,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';

/** An SQS to hold the contract against. */
export type SqsUnderTest = {
  client: SQSClient;
  /** Lets this many of SQS's seconds pass. */
  pass(seconds: number): Promise<void>;
  /** Rules that need more seconds than this to pass are left out. */
  patienceSeconds: number;
  /** Deletes a queue that a rule made, where it would outlive the test. */
  removeQueue?(queueUrl: string): Promise<unknown>;
  close(): Promise<void>;
};

export type Rule = {
  says: string;
  /** The page of AWS's documentation that states it. */
  page: string;
  /** SQS's seconds the rule lets pass. */
  waitsSeconds?: number;
  holds: (bench: Bench) => Promise<void>;
};

/** The few verbs rules are written in. Queues are made fresh for each rule. */
export type Bench = ReturnType<typeof createBench>;

export function createBench({ client, pass, removeQueue }: SqsUnderTest) {
  const made: string[] = [];
  const create = async (name: string, attributes: Record<string, string>): Promise<string> => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    made.push(QueueUrl ?? '');
    return QueueUrl ?? '';
  };
  const receive = async (queue: string, options: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queue,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        ...options,
      }),
    );
    return Messages ?? [];
  };
  return {
    client,
    pass,
    receive,
    name: (suffix = '') => `contract-${randomUUID()}${suffix}`,
    create,
    standard: (attributes: Record<string, string> = {}) => create(`contract-${randomUUID()}`, attributes),
    fifo: (attributes: Record<string, string> = {}) =>
      create(`contract-${randomUUID()}.fifo`, { FifoQueue: 'true', ...attributes }),
    /** To a FIFO queue: by default group `g` and a deduplication id of its own. */
    send: (queue: string, body: string, options: Partial<SendMessageCommandInput> = {}) =>
      client.send(
        new SendMessageCommand({
          QueueUrl: queue,
          MessageBody: body,
          ...(queue.endsWith('.fifo') && { MessageGroupId: 'g', MessageDeduplicationId: randomUUID() }),
          ...options,
        }),
      ),
    remove: async (queue: string, message: Pick<Message, 'ReceiptHandle'> | undefined) => {
      const Entries = [{ Id: '0', ReceiptHandle: message?.ReceiptHandle }];
      rejectFailed(await client.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries })));
    },
    attributes: async (queue: string): Promise<Record<string, string>> => {
      const command = new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['All'] });
      return (await client.send(command)).Attributes ?? {};
    },
    close: async () => {
      await Promise.all(made.map((queue) => removeQueue?.(queue)));
    },
  };
}

/** Throws the refusal of a batch's only entry. The rules use batches because the product calls no single action. */
export function rejectFailed({ Failed: [failed] = [] }: { Failed?: BatchResultErrorEntry[] | undefined }): void {
  if (failed !== undefined) throw Object.assign(new Error(failed.Message), { name: failed.Code ?? '' });
}

export const bodies = (messages: readonly Message[]) => messages.map((message) => message.Body);

/** Expects a refusal whose name, in the newer or the older protocol, is `code`. */
export async function refused(attempt: Promise<unknown>, code: string): Promise<void> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, `expected ${code}`).toBeInstanceOf(Error);
  const names = error instanceof Error ? [error.name, 'Code' in error ? error.Code : ''] : [];
  expect(names.join(' ')).toContain(code);
}
