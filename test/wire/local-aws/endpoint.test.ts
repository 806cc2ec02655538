import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { clientOptions } from '../../../local/aws/client-options.ts';
import { createResources } from '../../../local/aws/create-resources.ts';
import { startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { QUEUES, TABLE } from '../../../shared/deployment/resources.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { startWorld } from './world.ts';

const configuration = configurationSchema.parse({ name: 'zc', tenants: {}, sources: {} });

const item = (sk: string, openSequence?: number) => ({
  pk: { S: 'lane' },
  sk: { S: sk },
  ...(openSequence !== undefined && { openSequence: { N: String(openSequence) } }),
});

describe('an endpoint that closes', () => {
  it('ends the writes that are under way first', async () => {
    const endpoint = await startAwsEndpoint();
    const made = await createResources(endpoint, configuration, { 'zc/status': 'text' });
    const dynamodb = new DynamoDBClient({ ...clientOptions(endpoint.environment()), maxAttempts: 1 });
    const put = (_: unknown, index: number) =>
      dynamodb.send(new PutItemCommand({ TableName: made.TABLE_NAME, Item: item(String(index), index + 1) }));
    const puts = Array.from({ length: 40 }, put);
    const ended = Promise.allSettled(puts);
    await Promise.any(puts);
    await endpoint.close();
    dynamodb.destroy();
    expect((await ended)[0]?.status).toBe('fulfilled');
  });
});

describe('the resources of a configuration', () => {
  it('are those of the deployment', async () => {
    const { endpoint, sqs, dynamodb } = await startWorld();
    const made = await createResources(endpoint, configuration, { 'zc/status': 'text' });
    const read = async (QueueUrl: string) =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
    const failures = await read(made.FAILURES_QUEUE_URL);
    expect(await read(made.CHANGES_QUEUE_URL)).toMatchObject({
      FifoQueue: 'true',
      VisibilityTimeout: String(QUEUES.changes.visibilityTimeoutSeconds),
      MessageRetentionPeriod: String(QUEUES.changes.retentionSeconds),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: failures.QueueArn,
        maxReceiveCount: QUEUES.changes.maxReceiveCount,
      }),
    });
    expect(made).toMatchObject({ AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: endpoint.region });
    // Every index of the table answers a consistent query, and is sparse.
    await dynamodb.send(new PutItemCommand({ TableName: made.TABLE_NAME, Item: item('a', 2) }));
    await dynamodb.send(new PutItemCommand({ TableName: made.TABLE_NAME, Item: item('b', 1) }));
    await dynamodb.send(new PutItemCommand({ TableName: made.TABLE_NAME, Item: item('c') }));
    const query = async (IndexName: string) => {
      const { Items } = await dynamodb.send(
        new QueryCommand({
          TableName: made.TABLE_NAME,
          IndexName,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :lane',
          ExpressionAttributeValues: { ':lane': { S: 'lane' } },
        }),
      );
      return Items?.map((one) => one.sk?.S);
    };
    expect(await query(TABLE.openIndex.name)).toEqual(['b', 'a']);
    expect(await query(TABLE.failedIndex.name)).toEqual([]);
  });

  it('stay as they are when they are asked for again', async () => {
    const { endpoint, sqs, secrets } = await startWorld();
    const made = await createResources(endpoint, configuration, { 'zc/status': 'first' });
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: made.CHANGES_QUEUE_URL,
        MessageBody: 'kept',
        MessageGroupId: 'g',
        MessageDeduplicationId: 'd',
      }),
    );
    expect(await createResources(endpoint, configuration, { 'zc/status': 'second' })).toEqual(made);
    const read = await secrets.send(new GetSecretValueCommand({ SecretId: 'zc/status' }));
    expect(read.SecretString).toBe('first');
    expect(endpoint.contents('zc-changes.fifo')?.messages.map((message) => message.body)).toEqual(['kept']);
  });

  it('keep reports', async () => {
    const { endpoint, s3 } = await startWorld();
    const { REPORTS_BUCKET: Bucket } = await createResources(endpoint, configuration);
    const Body = 'tenant,finding\nacme,ü\n';
    await s3.send(new PutObjectCommand({ Bucket, Key: 'drift/a b.csv', Body, ContentType: 'text/csv' }));
    const read = await s3.send(new GetObjectCommand({ Bucket, Key: 'drift/a b.csv' }));
    expect([read.ContentType, await read.Body?.transformToString()]).toEqual(['text/csv', Body]);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'drift/' }));
    expect(Contents?.map((one) => one.Key)).toEqual(['drift/a b.csv']);
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NotFound' });
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/s3/aws4_request',
      'if-none-match': '*',
    };
    const malformed = await fetch(`${endpoint.url}/${Bucket}/%E0`, { method: 'PUT', headers, body: 'x' });
    expect(malformed.status).toBe(400);
  });
});

describe('faults', () => {
  it('drop the answer of a write that took effect', async () => {
    const { endpoint } = await startWorld();
    const { TABLE_NAME: TableName } = await createResources(endpoint, configuration);
    const dynamodb = new DynamoDBClient({ ...clientOptions(endpoint.environment()), maxAttempts: 1 });
    const count = new UpdateItemCommand({
      TableName,
      Key: item('counter'),
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    });
    endpoint.faults.dropResponse({ service: 'dynamodb', operation: 'UpdateItem' });
    await expect(dynamodb.send(count)).rejects.toThrow();
    expect(endpoint.faults.pending()).toBe(0);
    expect((await dynamodb.send(count)).Attributes).toEqual({ n: { N: '2' } });
    dynamodb.destroy();
  });

  it('fail a request that has no effect, as often as told, and only what matches', async () => {
    const { endpoint } = await startWorld();
    const { CHANGES_QUEUE_URL: QueueUrl } = await createResources(endpoint, configuration);
    const sqs = new SQSClient({ ...clientOptions(endpoint.environment()), maxAttempts: 1 });
    const send = (MessageBody: string) =>
      sqs.send(
        new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: 'g', MessageDeduplicationId: MessageBody }),
      );
    const body = (text: string) => text.includes('unlucky');
    endpoint.faults.fail({ service: 'sqs', operation: 'SendMessage', body }, 503, 2);
    await send('lucky');
    for (let tries = 0; tries < 2; tries++) {
      await expect(send('unlucky')).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    }
    await send('unlucky');
    expect(endpoint.contents('zc-changes.fifo')?.messages.map((message) => message.body)).toEqual(['lucky', 'unlucky']);
    sqs.destroy();
  });

  it('hand out a message whose receive was not answered only after its visibility timeout', async () => {
    const { endpoint } = await startWorld({ timeFactor: 1000 });
    const { FAILURES_QUEUE_URL: QueueUrl } = await createResources(endpoint, configuration);
    const sqs = new SQSClient({ ...clientOptions(endpoint.environment()), maxAttempts: 1 });
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'lost once', ...ids }));
    endpoint.faults.dropResponse({ service: 'sqs', operation: 'ReceiveMessage' });
    const receive = () =>
      sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: 20,
          VisibilityTimeout: 5,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
      );
    await expect(receive()).rejects.toThrow();
    const { Messages } = await receive();
    expect(Messages).toMatchObject([{ Body: 'lost once', Attributes: { ApproximateReceiveCount: '2' } }]);
    sqs.destroy();
  });
});

describe('the front', () => {
  it('answers 400 to what no service offers', async () => {
    const { endpoint, dynamodb } = await startWorld();
    const call = async (target: string) => {
      const authorization = 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/any/aws4_request';
      const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0', authorization };
      const response = await fetch(endpoint.url, { method: 'POST', headers, body: '{}' });
      return [response.status, ((await response.json()) as { __type: string }).__type];
    };
    expect(await call('AmazonSQS.AddPermission')).toEqual([400, 'com.amazonaws.sqs#UnknownOperationException']);
    expect(await call('secretsmanager.RotateSecret')).toEqual([400, 'UnknownOperationException']);
    const broken = dynamodb.send(new CreateTableCommand({ TableName: 'x' } as never));
    await expect(broken).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses a port that is taken, and leaves nothing open', async () => {
    const { endpoint } = await startWorld();
    const port = Number(new URL(endpoint.url).port);
    await expect(startWorld({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
