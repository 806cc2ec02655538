import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions } from '../local/aws/client-options.ts';
import type { World } from '../local/world/world.ts';
import type { Step } from './jobs.ts';

/** The plain handler's additions to the world: its table, and a sender that fills its queue. */
export const IDEMPOTENCY_TABLE = 'idempotency';
const BATCH = 10;

/** As Powertools' guide has it: one key, `id`. */
export async function createIdempotencyTable(world: World): Promise<void> {
  const client = new DynamoDBClient(clientOptions(world.endpoint.environment()));
  try {
    const TableName = IDEMPOTENCY_TABLE;
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    while ((await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus !== 'ACTIVE') {
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    client.destroy();
  }
}

/** Straight into the queue, ten at a time, in one message group as our lane is one. */
export async function sendOrders(world: World, steps: readonly Step[], key: string): Promise<void> {
  const client = new SQSClient(clientOptions(world.endpoint.environment()));
  try {
    for (let start = 0; start < steps.length; start += BATCH) {
      const Entries = steps.slice(start, start + BATCH).map((step, index) => {
        const id = `${key}-${start + index}`;
        const MessageBody = JSON.stringify({ idempotencyKey: id, ...step });
        return { Id: String(index), MessageBody, MessageGroupId: 'lane', MessageDeduplicationId: id };
      });
      await client.send(new SendMessageBatchCommand({ QueueUrl: world.environment.CHANGES_QUEUE_URL, Entries }));
    }
  } finally {
    client.destroy();
  }
}
