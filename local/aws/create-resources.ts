import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Configuration } from '../../shared/domain/configuration.ts';
import { BUCKET, QUEUES, TABLE, TOPIC } from '../../shared/resources.ts';
import type { AwsEndpoint, AwsEnvironment } from './endpoint.ts';

/** The functions' environment as far as AWS resources give it; `CONFIGURATION_FILE` and the optional ones are the world's. */
export type ResourceEnvironment = AwsEnvironment & {
  TABLE_NAME: string;
  CHANGES_QUEUE_URL: string;
  FAILURES_QUEUE_URL: string;
  OUTCOMES_TOPIC_ARN: string;
  REPORTS_BUCKET: string;
};

/** What the resources of a configuration are called here. */
export function resourceNames(configuration: string) {
  return {
    table: `${configuration}-ledger`,
    changes: `${configuration}-${QUEUES.changes.name}`,
    failures: `${configuration}-${QUEUES.failures.name}`,
    topic: `${configuration}-${TOPIC.name}`,
    bucket: `${configuration}-${BUCKET.name}`,
  };
}

/**
 * Makes table, queues, topic, bucket and secrets from the same plain data as the CDK stack (`shared/resources.ts`).
 * Idempotent: what a reopened data folder already has is kept, secrets' values too.
 *
 * @param secrets name (see `secretNames`) → text; created where missing
 */
export async function createResources(
  endpoint: Pick<AwsEndpoint, 'environment'>,
  configuration: Configuration,
  secrets: Record<string, string> = {},
): Promise<ResourceEnvironment> {
  const environment = endpoint.environment();
  const client = clientOptions(environment);
  const names = resourceNames(configuration.name);
  const [queues, topicArn] = await Promise.all([
    createQueues(new SQSClient(client), names),
    createTopic(new SNSClient(client), names.topic),
    createTable(new DynamoDBClient(client), names.table),
    createBucket(new S3Client({ ...client, forcePathStyle: true }), names.bucket),
    createSecrets(new SecretsManagerClient(client), secrets),
  ]);
  return {
    ...environment,
    TABLE_NAME: names.table,
    CHANGES_QUEUE_URL: queues.changes,
    FAILURES_QUEUE_URL: queues.failures,
    OUTCOMES_TOPIC_ARN: topicArn,
    REPORTS_BUCKET: names.bucket,
  };
}

/** For any SDK client against the endpoint. */
export function clientOptions(environment: AwsEnvironment) {
  return {
    endpoint: environment.AWS_ENDPOINT_URL,
    region: environment.AWS_REGION,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    },
  };
}

/** Runs `make` only if `look` finds nothing. */
async function unlessThere(
  look: () => Promise<unknown>,
  missing: string[],
  make: () => Promise<unknown>,
): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (!(error instanceof Error) || !missing.includes(error.name)) throw error;
    await make();
  }
}

async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  const index = ({ name: IndexName, key }: { name: string; key: string }) => ({
    IndexName,
    KeySchema: [
      { AttributeName: TABLE.partitionKey, KeyType: 'HASH' as const },
      { AttributeName: key, KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'ALL' as const },
  });
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N') => ({ AttributeName, AttributeType });
  const make = () =>
    client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
          { AttributeName: TABLE.sortKey, KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          attribute(TABLE.partitionKey, 'S'),
          attribute(TABLE.sortKey, 'S'),
          attribute(TABLE.openIndex.key, 'N'),
          attribute(TABLE.failedIndex.key, 'N'),
        ],
        LocalSecondaryIndexes: [index(TABLE.openIndex), index(TABLE.failedIndex)],
      }),
    );
  try {
    const look = () => client.send(new DescribeTableCommand({ TableName: name }));
    await unlessThere(look, ['ResourceNotFoundException'], make);
    // dynalite makes a table a moment after it answered.
    while ((await look()).Table?.TableStatus !== 'ACTIVE') await new Promise((resolve) => setImmediate(resolve));
  } finally {
    client.destroy();
  }
}

type QueueUrls = { changes: string; failures: string };

async function createQueues(client: SQSClient, names: { changes: string; failures: string }): Promise<QueueUrls> {
  try {
    const failures = await createQueue(client, names.failures, attributesOf(QUEUES.failures));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: failures, AttributeNames: ['QueueArn'] }),
    );
    const changes = await createQueue(client, names.changes, {
      ...attributesOf(QUEUES.changes),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: Attributes?.QueueArn,
        maxReceiveCount: QUEUES.changes.maxReceiveCount,
      }),
    });
    return { changes, failures };
  } finally {
    client.destroy();
  }
}

const attributesOf = (queue: { visibilityTimeoutSeconds: number; retentionSeconds: number }) => ({
  VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
  MessageRetentionPeriod: String(queue.retentionSeconds),
});

/** An existing queue takes over attributes that changed since. */
async function createQueue(client: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  await unlessThere(
    () => client.send(new GetQueueUrlCommand({ QueueName: name })),
    ['QueueDoesNotExist'],
    () => client.send(new CreateQueueCommand({ QueueName: name, Attributes: { FifoQueue: 'true' } })),
  );
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes }));
  return QueueUrl ?? '';
}

async function createTopic(client: SNSClient, name: string): Promise<string> {
  try {
    const { TopicArn } = await client.send(new CreateTopicCommand({ Name: name }));
    return TopicArn ?? '';
  } finally {
    client.destroy();
  }
}

async function createBucket(client: S3Client, name: string): Promise<void> {
  try {
    await unlessThere(
      () => client.send(new HeadBucketCommand({ Bucket: name })),
      ['NotFound', 'NoSuchBucket'],
      () => client.send(new CreateBucketCommand({ Bucket: name })),
    );
  } finally {
    client.destroy();
  }
}

async function createSecrets(client: SecretsManagerClient, secrets: Record<string, string>): Promise<void> {
  try {
    for (const [name, text] of Object.entries(secrets)) {
      await unlessThere(
        () => client.send(new DescribeSecretCommand({ SecretId: name })),
        ['ResourceNotFoundException'],
        () => client.send(new CreateSecretCommand({ Name: name, SecretString: text })),
      );
    }
  } finally {
    client.destroy();
  }
}
