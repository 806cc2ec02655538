import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSettingsTable } from '../../../local/aws/create-table.ts';
import { digestOf, settingsKey } from '../../../shared/aws/settings/settings-item.ts';
import { createSettingsReader, createSettingsStore } from '../../../shared/aws/settings/settings-table.ts';
import { describeSettingsStore } from '../../contract/settings-store.contract.ts';
import { openLossyLine } from './lossy-line.ts';
import { clientAt, openTable, type TestTable } from './table.ts';

let server: TestTable;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  server = await openTable();
});
afterAll(async () => {
  for (const close of closers) await close();
  await server.close();
});

let tables = 0;
async function open(client: DynamoDBClient = server.client) {
  tables += 1;
  const tableName = `settings-${tables}`;
  await createSettingsTable(server.client, tableName);
  return { store: createSettingsStore({ client, tableName }), tableName };
}

async function onLossyLine() {
  const line = await openLossyLine(server.url);
  const client = clientAt(line.url);
  closers.push(() => client.destroy(), line.close);
  return { ...(await open(client)), line };
}

describeSettingsStore('settings in DynamoDB', async () => (await open()).store);
describeSettingsStore('settings in DynamoDB, on a line that loses every answer to a write once', async () => {
  return (await onLossyLine()).store;
});

const push = (version: number, text: string) => ({ version, text, pushedAt: 1, pushedBy: 'local' });

it('a reader reads what was pushed, and has no way to push', async () => {
  const { store, tableName } = await open();
  await store.put(push(1, '{}'));
  const reader = createSettingsReader({ client: server.client, tableName });
  expect(await reader.readNewest()).toMatchObject({ version: 1, text: '{}' });
  expect(Object.keys(reader)).toEqual(['readNewest', 'readVersion']);
});

it('a push whose answer is lost counts as written', async () => {
  const { store, line } = await onLossyLine();
  expect(await store.put(push(1, '{}'))).toBe('written');
  expect(line.lost).toBe(1);
});

it('lists versions over pages of a megabyte', async () => {
  const { store } = await open();
  for (let version = 1; version <= 6; version += 1)
    await store.put(push(version, randomBytes(210_000).toString('base64')));
  expect((await store.list(6)).map(({ version }) => version)).toEqual([6, 5, 4, 3, 2, 1]);
});

it('refuses a text that an item cannot hold, and says what to do', async () => {
  const { store } = await open();
  await expect(store.put(push(1, randomBytes(310_000).toString('base64')))).rejects.toMatchObject({
    code: 'settings-too-large',
    message: expect.stringMatching(/bytes compressed, more than the 300000 .*Split/),
  });
  expect(await store.readNewest()).toBeUndefined();
});

describe('a version that somebody wrote by hand', () => {
  const good = { body: gzipSync('{}'), sha256: digestOf('{}'), pushedAt: 1, pushedBy: 'x', writeToken: 't' };
  it.each([
    ['without its text', { ...good, body: undefined }, /attributes/],
    ['with a text that is not compressed', { ...good, body: Buffer.from('{}') }, /decompressed/],
    [
      'with a text that decompresses to very much',
      { ...good, body: gzipSync(Buffer.alloc(20_000_000)) },
      /decompressed/,
    ],
    ['with another text than its digest says', { ...good, sha256: digestOf('{ }') }, /not what was pushed/],
  ])('%s: it is told from one that can be used', async (_, attributes, why) => {
    const { store, tableName } = await open();
    await store.put(push(1, '{}'));
    const documents = DynamoDBDocumentClient.from(server.client, { marshallOptions: { removeUndefinedValues: true } });
    await documents.send(new PutCommand({ TableName: tableName, Item: { ...settingsKey(2), ...attributes } }));
    expect(await store.readNewest()).toEqual({ version: 2, why: expect.stringMatching(why) });
    expect(await store.readVersion(1)).toMatchObject({ text: '{}' });
    expect((await store.list(5)).map(({ version }) => version)).toEqual([2, 1]);
  });
});

it('is unavailable where there is no table', async () => {
  const store = createSettingsStore({ client: server.client, tableName: 'elsewhere' });
  await expect(store.readNewest()).rejects.toMatchObject({ code: 'settings-unavailable' });
  await expect(store.put(push(1, '{}'))).rejects.toMatchObject({ code: 'settings-unavailable' });
});
