import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { clientOptions } from './client-options.ts';
import { createUnlessExists } from './common/create-unless-exists.ts';
import { resourceNames } from './common/resource-names.ts';
import { createQueues } from './create-queues.ts';
import { createLedgerTable, createSettingsTable } from './create-table.ts';
import type { AwsEndpoint, AwsEnvironment } from './endpoint.ts';
import { pushConfiguration } from './push-configuration.ts';

/** The functions' environment as far as AWS resources give it; the optional variables are the world's. */
export type ResourceEnvironment = AwsEnvironment & {
  STACK_NAME: string;
  SETTINGS_TABLE: string;
  TABLE_NAME: string;
  CHANGES_QUEUE_URL: string;
  FAILURES_QUEUE_URL: string;
  NOTICES_QUEUE_URL: string;
  PLANS_QUEUE_URL: string;
  DRIFT_QUEUE_URL: string;
  AUDIT_QUEUE_URL: string;
  OUTCOMES_TOPIC_ARN: string;
  REPORTS_BUCKET: string;
  AUDIT_BUCKET: string;
};

/**
 * Makes tables, queues, topic, bucket and secrets from the same plain data as the CDK stack
 * (`shared/deployment/resources.ts`). Idempotent: what a reopened data folder already has is kept, secrets' values too.
 * The settings of the configuration are pushed if they are not the newest ones there.
 *
 * @param secrets name (see `secretNames`) → text; created where missing
 * @param isAnswering whether outcomes are told on tickets, of sources that later settings may add
 */
export async function createResources(
  endpoint: Pick<AwsEndpoint, 'environment'>,
  configuration: Configuration,
  secrets: Record<string, string> = {},
  isAnswering = answersTickets(configuration),
): Promise<ResourceEnvironment> {
  const environment = endpoint.environment();
  const client = clientOptions(environment);
  const names = resourceNames(configuration.name);
  const [queues, topicArn] = await Promise.all([
    createQueues(new SQSClient(client), names),
    createTopic(new SNSClient(client), names.topic),
    createTables(new DynamoDBClient(client), names),
    createBuckets(new S3Client({ ...client, forcePathStyle: true }), [names.bucket, names.auditBucket]),
    createSecrets(new SecretsManagerClient(client), secrets),
  ]);
  await subscribe(new SNSClient(client), topicArn, [queues.auditArn, ...(isAnswering ? [queues.noticesArn] : [])]);
  await pushConfiguration(environment, configuration);
  return {
    ...environment,
    STACK_NAME: configuration.name,
    SETTINGS_TABLE: names.settings,
    TABLE_NAME: names.table,
    CHANGES_QUEUE_URL: queues.changes,
    FAILURES_QUEUE_URL: queues.failures,
    NOTICES_QUEUE_URL: queues.notices,
    PLANS_QUEUE_URL: queues.plans,
    DRIFT_QUEUE_URL: queues.drift,
    AUDIT_QUEUE_URL: queues.audit,
    OUTCOMES_TOPIC_ARN: topicArn,
    REPORTS_BUCKET: names.bucket,
    AUDIT_BUCKET: names.auditBucket,
  };
}

async function createTables(
  client: DynamoDBClient,
  { table, settings }: ReturnType<typeof resourceNames>,
): Promise<void> {
  try {
    await createLedgerTable(client, table);
    await createSettingsTable(client, settings);
  } finally {
    client.destroy();
  }
}

async function createTopic(client: SNSClient, name: string): Promise<string> {
  try {
    const { TopicArn } = await client.send(new CreateTopicCommand({ Name: name }));
    return TopicArn ?? '';
  } finally {
    client.destroy();
  }
}

/**
 * Without a source that has a ticket system, the queue of notices is not subscribed, because `notify` would only
 * discard the outcomes.
 */
export function answersTickets({ sources }: Pick<Configuration, 'sources'>): boolean {
  return Object.values(sources).some(({ tickets }) => tickets !== undefined);
}

/** Raw delivery, without SNS's envelope; the same subscription twice is one. */
async function subscribe(client: SNSClient, TopicArn: string, queueArns: readonly string[]): Promise<void> {
  const Attributes = { RawMessageDelivery: 'true' };
  try {
    for (const Endpoint of queueArns)
      await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
  } finally {
    client.destroy();
  }
}

async function createBuckets(client: S3Client, names: readonly string[]): Promise<void> {
  try {
    for (const Bucket of names) {
      await createUnlessExists(
        () => client.send(new HeadBucketCommand({ Bucket })),
        ['NotFound', 'NoSuchBucket'],
        () => client.send(new CreateBucketCommand({ Bucket })),
      );
    }
  } finally {
    client.destroy();
  }
}

async function createSecrets(client: SecretsManagerClient, secrets: Record<string, string>): Promise<void> {
  try {
    for (const [name, text] of Object.entries(secrets)) {
      await createUnlessExists(
        () => client.send(new DescribeSecretCommand({ SecretId: name })),
        ['ResourceNotFoundException'],
        () => client.send(new CreateSecretCommand({ Name: name, SecretString: text })),
      );
    }
  } finally {
    client.destroy();
  }
}
