import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { fitsItem, MAX_ITEM_BYTES } from '../../../domain/ledger/size-limits.ts';
import type { Versioned } from '../../../domain/records/versioned.ts';
import { ABSENT, type Written } from '../../../ports/ports.ts';
import { AwsError, callAws } from '../../aws-error.ts';
import { createBatchLoader } from './batch-loader.ts';
import type { Key } from './ledger-items.ts';
import { parseItem } from './stored-item.ts';

/** Operations on the ledger's table for all kinds of records. All reads are consistent. */
export type LedgerTable = {
  get(key: Key): Promise<Record<string, unknown> | undefined>;
  put(key: Key, item: Record<string, unknown>): Promise<void>;
  putIf<T extends Versioned>(write: ConditionalWrite<T>): Promise<Written<T>>;
  /** Yields whole items of a partition in the order of the index's key; pages are read as needed. */
  query(range: Range): AsyncGenerator<Record<string, unknown>>;
};

/**
 * `attributes` are the table's own in addition to the record. `parse` parses the stored item if the write was refused.
 */
export type ConditionalWrite<T extends Versioned> = {
  key: Key;
  record: T;
  expected: number;
  attributes?: Record<string, number>;
  parse: (value: unknown) => T;
};

/** `by` names the sort key and the index that it belongs to. `above` or `below`, not both: DynamoDB takes one condition. */
export type Range = {
  partition: string;
  by: { key: string; index?: string };
  above?: number;
  below?: number;
  startsWith?: string;
  limit?: number;
  /** The highest key first. */
  descending?: boolean;
};

const itemSchema = z.record(z.string(), z.unknown());
const pageSchema = z.object({ Items: z.array(itemSchema).default([]), LastEvaluatedKey: itemSchema.optional() });

const keySchema = z.object({ pk: z.string(), sk: z.string() });
const batchSchema = z.object({
  Responses: z.record(z.string(), z.array(keySchema.loose())).default({}),
  UnprocessedKeys: z.record(z.string(), z.object({ Keys: z.array(keySchema).default([]) })).default({}),
});

type Table = { client: DynamoDBDocumentClient; tableName: string; newToken: () => string };

/** BatchGetItem accepts at most a hundred keys, each once (DynamoDB API reference). */
const MAX_KEYS = 100;

export function createLedgerTable(table: Table): LedgerTable {
  return {
    get: createBatchLoader(MAX_KEYS, (keys) => getBatch(table, keys)),
    put: (key, item) => put(table, key, item),
    putIf: (write) => putIf(table, write),
    query: (range) => query(table, range),
  };
}

async function get({ client, tableName }: Table, key: Key): Promise<Record<string, unknown> | undefined> {
  const command = new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true });
  const answer = await callAws('ledger-unavailable', `Reading ${key.sk} from the ledger`, () => client.send(command));
  return answer.Item === undefined ? undefined : itemSchema.parse(answer.Item);
}

type Found = Record<string, unknown> | undefined;

/**
 * Reads items in the order of their keys. It reads keys that DynamoDB left unprocessed (throttling, 16 MB) one by one.
 */
async function getBatch(table: Table, keys: readonly Key[]): Promise<Found[]> {
  const distinct = new Map(keys.map((key) => [keyText(key), key]));
  const [only] = keys;
  if (only !== undefined && distinct.size === 1) {
    const found = await get(table, only);
    return keys.map(() => found);
  }
  const { client, tableName } = table;
  const requestItems = { [tableName]: { Keys: [...distinct.values()], ConsistentRead: true } };
  const command = new BatchGetCommand({ RequestItems: requestItems });
  const doing = `Reading ${distinct.size} records from the ledger`;
  const answer = batchSchema.parse(await callAws('ledger-unavailable', doing, () => client.send(command)));
  const found = new Map<string, Found>((answer.Responses[tableName] ?? []).map((item) => [keyText(item), item]));
  for (const key of answer.UnprocessedKeys[tableName]?.Keys ?? []) found.set(keyText(key), await get(table, key));
  return keys.map((key) => found.get(keyText(key)));
}

const keyText = ({ pk, sk }: Pick<Key, 'pk' | 'sk'>) => JSON.stringify([pk, sk]);

async function put({ client, tableName }: Table, key: Key, item: Record<string, unknown>): Promise<void> {
  const command = new PutCommand({ TableName: tableName, Item: { ...item, ...key } });
  await callAws('ledger-unavailable', `Writing ${key.sk} to the ledger`, () => client.send(command));
}

/**
 * Replaces the whole item if its version is as expected. The write token distinguishes this write from another
 * writer's: if the answer to a successful write is lost, the SDK repeats the write, and the version that it wrote itself
 * makes DynamoDB refuse the repetition.
 */
async function putIf<T extends Versioned>(table: Table, write: ConditionalWrite<T>): Promise<Written<T>> {
  const { key, record, expected } = write;
  const writeToken = table.newToken();
  const item = { ...record, ...write.attributes, ...key, version: expected + 1, writeToken };
  if (!fitsItem(item, MAX_ITEM_BYTES)) throw tooLarge(key);
  const condition =
    expected === ABSENT
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'version = :expected', ExpressionAttributeValues: { ':expected': expected } };
  try {
    await table.client.send(new PutCommand({ TableName: table.tableName, Item: item, ...condition }));
    return { written: true };
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return judgeRefusal(table, write, writeToken);
    if (isNamed(error, 'ValidationException') && /item size/i.test(error.message)) throw tooLarge(key, error);
    return callAws('ledger-unavailable', `Writing ${key.sk} to the ledger`, () => Promise.reject(error));
  }
}

async function judgeRefusal<T extends Versioned>(
  table: Table,
  { key, parse }: ConditionalWrite<T>,
  writeToken: string,
): Promise<Written<T>> {
  const found = await get(table, key);
  if (found?.writeToken === writeToken) return { written: true };
  return { written: false, found: parseItem(found, parse) };
}

async function* query({ client, tableName }: Table, range: Range): AsyncGenerator<Record<string, unknown>> {
  const { by, above, below, startsWith, limit = Number.POSITIVE_INFINITY, descending = false } = range;
  const values = {
    ':pk': range.partition,
    ...(above === undefined ? {} : { ':above': above }),
    ...(below === undefined ? {} : { ':below': below }),
    ...(startsWith === undefined ? {} : { ':startsWith': startsWith }),
  };
  const condition = ['#pk = :pk'];
  if (above !== undefined) condition.push('#by > :above');
  if (below !== undefined) condition.push('#by < :below');
  if (startsWith !== undefined) condition.push('begins_with(#by, :startsWith)');
  const names = { '#pk': 'pk', ...(condition.length > 1 && { '#by': by.key }) };
  let left = limit;
  let from: Record<string, unknown> | undefined;
  if (left < 1) return;
  do {
    const command = new QueryCommand({
      TableName: tableName,
      ConsistentRead: true,
      KeyConditionExpression: condition.join(' AND '),
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
      // DynamoDB reads the rest of each item from the table, in the same call.
      ...(by.index === undefined ? {} : { IndexName: by.index, Select: 'ALL_ATTRIBUTES' }),
      ...(Number.isFinite(left) ? { Limit: left } : {}),
      ...(descending && { ScanIndexForward: false }),
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const answer = await callAws('ledger-unavailable', 'Querying the ledger', () => client.send(command));
    const page = pageSchema.parse(answer);
    yield* page.Items;
    left -= page.Items.length;
    from = page.LastEvaluatedKey;
  } while (from !== undefined && left > 0);
}

function tooLarge(key: Key, cause?: Error): AwsError {
  return new AwsError('record-too-large', `${key.sk} is larger than the ${MAX_ITEM_BYTES} bytes of an item`, cause);
}

function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}
