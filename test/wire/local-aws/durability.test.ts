import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient, QueryCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import db from 'dynalite/db/index.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientOptions } from '../../../local/aws/client-options.ts';
import { createResources } from '../../../local/aws/create-resources.ts';
import type { AwsEnvironment } from '../../../local/aws/endpoint.ts';
import { TABLE } from '../../../shared/deployment/resources.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { startWorld } from './world.ts';

const configuration = configurationSchema.parse({ name: 'zc', tenants: {}, sources: {} });

/** An endpoint in a process of its own, which can be killed. */
async function startProcess(dataDir: string) {
  const script = new URL('./endpoint-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  const environment: AwsEnvironment = JSON.parse(String(line));
  const kill = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { environment, kill };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zpa-changes-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('a data folder', () => {
  it('brings everything back that was answered before a SIGKILL', async () => {
    const dataDir = newFolder();
    const first = await startProcess(dataDir);
    const options = clientOptions(first.environment);
    const made = await createResources({ environment: () => first.environment }, configuration, {
      'zc/status': 'text',
    });
    const sqs = new SQSClient(options);
    const sns = new SNSClient(options);
    const s3 = new S3Client({ ...options, forcePathStyle: true });
    const send = (MessageBody: string, client: SQSClient) =>
      client.send(
        new SendMessageCommand({
          QueueUrl: made.CHANGES_QUEUE_URL,
          MessageBody,
          MessageGroupId: 'g',
          MessageDeduplicationId: MessageBody,
        }),
      );
    await send('one', sqs);
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: made.CHANGES_QUEUE_URL }));
    const two = await send('two', sqs);
    await sns.send(new PublishCommand({ TopicArn: made.OUTCOMES_TOPIC_ARN, Message: 'applied' }));
    await s3.send(new PutObjectCommand({ Bucket: made.REPORTS_BUCKET, Key: 'drift.json', Body: '{}' }));
    for (const client of [sqs, sns, s3]) client.destroy();
    await first.kill();

    const { endpoint, ...clients } = await startWorld({ dataDir });
    // Another port, the same queue.
    expect((await send('two', clients.sqs)).MessageId).toBe(two.MessageId);
    expect(endpoint.contents('zc-changes.fifo')).toMatchObject({
      visible: 1,
      inFlight: 1,
      messages: [{ body: 'one', state: 'in-flight', receiveCount: 1 }, { body: 'two' }],
    });
    expect(endpoint.published()).toMatchObject([{ message: 'applied' }]);
    const read = await clients.s3.send(new GetObjectCommand({ Bucket: made.REPORTS_BUCKET, Key: 'drift.json' }));
    expect(await read.Body?.transformToString()).toBe('{}');
  });

  it('holds indexes that agree with the table, wherever the writes were cut off', async () => {
    const dataDir = newFolder();
    const first = await startProcess(dataDir);
    const options = clientOptions(first.environment);
    const made = await createResources({ environment: () => first.environment }, configuration);
    const dynamodb = new DynamoDBClient({ ...options, maxAttempts: 1 });
    const cut = new AbortController();
    let answered = 0;
    const moveAbout = async (sk: string) => {
      for (let n = 1; !cut.signal.aborted; n++) {
        const command = new UpdateItemCommand({
          TableName: made.TABLE_NAME,
          Key: { pk: { S: 'lane' }, sk: { S: sk } },
          UpdateExpression: 'SET openSequence = :n',
          ExpressionAttributeValues: { ':n': { N: String(n) } },
        });
        await dynamodb.send(command);
        answered += 1;
        if (answered === 300) void first.kill().then(() => cut.abort());
      }
    };
    await Promise.allSettled(Array.from({ length: 20 }, (_, index) => moveAbout(`item${index}`)));
    dynamodb.destroy();
    expect(answered).toBeGreaterThanOrEqual(300);

    const again = await startWorld({ dataDir });
    const { Items: table = [] } = await again.dynamodb.send(new ScanCommand({ TableName: made.TABLE_NAME }));
    const { Items: index = [] } = await again.dynamodb.send(
      new QueryCommand({
        TableName: made.TABLE_NAME,
        IndexName: TABLE.openIndex.name,
        KeyConditionExpression: 'pk = :lane',
        ExpressionAttributeValues: { ':lane': { S: 'lane' } },
      }),
    );
    const shown = (items: typeof table) => items.map((one) => `${one.sk?.S} ${one.openSequence?.N}`).sort();
    expect(table).toHaveLength(20);
    expect(shown(index)).toEqual(shown(table));
  });

  it('takes an item and its index entries in one write', async () => {
    await startWorld();
    const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
    const table = {
      TableName: 'ledger',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'n', AttributeType: 'N' },
      ],
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
      LocalSecondaryIndexes: [
        { IndexName: 'open', KeySchema: [key('pk', 'HASH'), key('n', 'RANGE')], Projection: { ProjectionType: 'ALL' } },
      ],
    };
    const at = (n: string) => ({ pk: { S: 'lane' }, sk: { S: 'a' }, n: { N: n } });
    const batches: { type: string; key: string }[][] = [];
    const store = {
      db: {
        batch: (operations: { type: string; key: string }[], done: () => void) => {
          batches.push(operations);
          done();
        },
      },
    };
    const write = (existing: object | null, item: object | null) =>
      new Promise<void>((resolve) =>
        db.updateIndexes(store, table, { ...existing }, item && { ...item }, () => resolve()),
      );
    await write(at('1'), at('2'));
    await write(at('2'), null);
    // A key's prefix names its place: an item or an index entry.
    const shown = batches.map((batch) => batch.map((one) => `${one.type} ${/^[a-z-]+~/.exec(one.key)?.[0]}`));
    expect(shown).toEqual([
      ['put item-ledger~', 'del index-local~', 'put index-local~'],
      ['del item-ledger~', 'del index-local~'],
    ]);
  });

  it('is refused while another process uses it', async () => {
    const dataDir = newFolder();
    const first = await startProcess(dataDir);
    onTestFinished(() => first.kill());
    await expect(startWorld({ dataDir })).rejects.toMatchObject({ code: 'data-folder-in-use' });
  });
});
