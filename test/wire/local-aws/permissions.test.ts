import { BatchGetItemCommand, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedBy } from '../../../local/aws/access/caller.ts';
import { clientOptions } from '../../../local/aws/client-options.ts';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import type { FunctionName } from '../../../shared/deployment/resources.ts';
import { type LocalAws, openLocalAws } from '../aws/local.ts';

const WRITE = 'adapters/zpa/acme/write';
let local: LocalAws;
beforeAll(async () => {
  local = await openLocalAws({ [WRITE]: '{}', 'adapters/status': 'key' });
});
afterAll(() => local.aws.close());

/** Clients of every service that sign with this access key id. */
function clientsWith(AWS_ACCESS_KEY_ID: string) {
  const options = clientOptions({ ...local.env, AWS_ACCESS_KEY_ID });
  return {
    dynamodb: new DynamoDBClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    secrets: new SecretsManagerClient(options),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
  };
}

const clientsOf = (name: FunctionName) =>
  clientsWith(signedBy(local.env, { configuration: 'adapters', name }).AWS_ACCESS_KEY_ID);

/** `allowed`, or what the SDK makes of the refusal. */
async function ask(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return 'allowed';
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata: { httpStatusCode: number } };
    return [name, $metadata.httpStatusCode];
  }
}

const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });
const query = (IndexName?: string) =>
  new QueryCommand({
    TableName: local.env.TABLE_NAME,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: 'lane#x' } },
    ...(IndexName !== undefined && { IndexName }),
  });
const put = (pk: string) => new PutItemCommand({ TableName: local.env.TABLE_NAME, Item: key(pk) });
const REFUSED = ['AccessDeniedException', 400];

describe('a function', () => {
  it('is refused in each service’s own words', async () => {
    const { dynamodb, s3, secrets, sns, sqs } = clientsOf('status');
    const { TABLE_NAME: TableName, REPORTS_BUCKET: Bucket, OUTCOMES_TOPIC_ARN: TopicArn } = local.env;
    expect(await ask(dynamodb.send(put('lane#x')))).toEqual(REFUSED);
    expect(await ask(secrets.send(new GetSecretValueCommand({ SecretId: WRITE })))).toEqual(REFUSED);
    expect(await ask(s3.send(new GetObjectCommand({ Bucket, Key: 'catalog/acme.json' })))).toEqual([
      'AccessDenied',
      403,
    ]);
    expect(await ask(sns.send(new PublishCommand({ TopicArn, Message: 'x' })))).toEqual([
      'AuthorizationErrorException',
      403,
    ]);
    const message = { MessageBody: 'x', MessageGroupId: 'x', MessageDeduplicationId: 'x' };
    const send = new SendMessageCommand({ QueueUrl: local.env.CHANGES_QUEUE_URL, ...message });
    expect(await ask(sqs.send(send))).toEqual(['AccessDenied', 403]);
    expect(local.aws.denials).toContainEqual({
      function: 'status',
      action: 'dynamodb:PutItem',
      resource: `arn:aws:dynamodb:eu-central-1:000000000000:table/${TableName}`,
    });
  });

  it('queries an index by a permission on the index, and the table by one on the table', async () => {
    const of = async (name: FunctionName) => {
      const { dynamodb } = clientsOf(name);
      return Promise.all([query(), query('open'), query('failed')].map((one) => ask(dynamodb.send(one))));
    };
    expect(await of('apply')).toEqual(['allowed', 'allowed', 'allowed']);
    expect(await of('ingest')).toEqual(['allowed', 'allowed', REFUSED]);
    expect(await of('sweep')).toEqual(['allowed', 'allowed', REFUSED]);
    expect(await of('status')).toEqual([REFUSED, REFUSED, REFUSED]);
  });

  it('reads and writes only in the partitions it is permitted, every key of a batch', async () => {
    const { dynamodb } = clientsOf('plan');
    const read = (...partitions: string[]) =>
      new BatchGetItemCommand({ RequestItems: { [local.env.TABLE_NAME]: { Keys: partitions.map(key) } } });
    expect(await ask(dynamodb.send(put('plan#jira#ZPA-1')))).toBe('allowed');
    expect(await ask(dynamodb.send(put('lane#x')))).toEqual(REFUSED);
    expect(await ask(dynamodb.send(read('plan#jira#ZPA-1', 'readers#x')))).toBe('allowed');
    expect(await ask(dynamodb.send(read('plan#jira#ZPA-1', 'lane#x')))).toEqual(REFUSED);
    expect(await ask(clientsOf('drift').dynamodb.send(put('plan#jira#ZPA-1')))).toEqual(REFUSED);
  });

  it('cannot write an approved change from notify, nor a plan from ingest', async () => {
    const write = (name: FunctionName, partition: string) => ask(clientsOf(name).dynamodb.send(put(partition)));
    expect(await write('notify', 'lane#x')).toEqual(REFUSED);
    expect(await write('notify', 'note#x')).toBe('allowed');
    expect(await write('ingest', 'plan#jira#ZPA-1')).toEqual(REFUSED);
    expect(await write('ingest', 'note#x')).toEqual(REFUSED);
    expect(await write('ingest', 'delivery#jira#x')).toBe('allowed');
  });

  it('lists the objects it may read, and no others', async () => {
    const { s3 } = clientsOf('catalog');
    const list = (Prefix?: string) =>
      ask(
        s3.send(
          new ListObjectsV2Command({ Bucket: local.env.REPORTS_BUCKET, ...(Prefix !== undefined && { Prefix }) }),
        ),
      );
    expect(await list('catalog/acme.json')).toBe('allowed');
    expect([await list('drift/'), await list()]).toEqual([
      ['AccessDenied', 403],
      ['AccessDenied', 403],
    ]);
  });

  it('sends a batch by the permission to send, on the queue it names', async () => {
    const { sqs } = clientsOf('ingest');
    const Entries = [{ Id: '0', MessageBody: 'x', MessageGroupId: 'x', MessageDeduplicationId: 'x' }];
    const batch = (QueueUrl: string) => ask(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
    expect(await batch(local.env.CHANGES_QUEUE_URL)).toBe('allowed');
    expect(await batch(local.env.FAILURES_QUEUE_URL)).toEqual(['AccessDenied', 403]);
  });

  it('reads the secrets and writes the objects of its kind only', async () => {
    const secret = (name: FunctionName, SecretId: string) =>
      ask(clientsOf(name).secrets.send(new GetSecretValueCommand({ SecretId })));
    expect(await Promise.all([secret('apply', WRITE), secret('ingest', 'adapters/status')])).toEqual([
      'allowed',
      'allowed',
    ]);
    expect(await Promise.all([secret('plan', WRITE), secret('apply', 'adapters/status')])).toEqual([REFUSED, REFUSED]);
    const { s3 } = clientsOf('drift');
    const keep = (Key: string) =>
      ask(s3.send(new PutObjectCommand({ Bucket: local.env.REPORTS_BUCKET, Key, Body: '{}' })));
    expect(await Promise.all(['drift/a.json', 'catalog/a.json', 'other/a.json'].map(keep))).toEqual([
      'allowed',
      'allowed',
      ['AccessDenied', 403],
    ]);
  });
});

it('a key that is nobody’s and a request without one are refused', async () => {
  expect(await ask(clientsWith('adapters-aply').dynamodb.send(query()))).toEqual(['UnrecognizedClientException', 403]);
  const unsigned = await fetch(local.aws.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'DynamoDB_20120810.Query' },
  });
  expect(unsigned.status).toBe(403);
});

it('a client without credentials in its environment is nobody, and refused', async () => {
  const { AWS_ENDPOINT_URL, AWS_REGION, TABLE_NAME: tableName } = local.env;
  const env = { AWS_ENDPOINT_URL, AWS_REGION };
  await expect(createDynamoLedger({ env, tableName }).openChanges('PRODUCTION:1', 1)).rejects.toMatchObject({
    cause: { name: 'UnrecognizedClientException' },
  });
});
