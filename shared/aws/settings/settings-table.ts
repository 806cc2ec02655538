import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SETTINGS_TABLE } from '../../deployment/resources.ts';
import type { SettingsReader, SettingsStore } from '../../ports/settings-store.ts';
import { callAws } from '../aws-error.ts';
import type { ClientOrEnv } from '../clients.ts';
import { documentsFrom } from '../documents.ts';
import { entryOf, fromItem, toItem } from './settings-item.ts';

type Options = ClientOrEnv<DynamoDBClient> & { tableName: string };
type Item = Record<string, unknown>;
/** The condition on the version, and how many items are read at most, newest first. */
type Range = { above?: number; exactly?: number; limit: number };

const itemSchema = z.record(z.string(), z.unknown());
const pageSchema = z.object({ Items: z.array(itemSchema).default([]), LastEvaluatedKey: itemSchema.optional() });

/** Reads settings with `dynamodb:Query` alone, the only right that functions have on the table. */
export function createSettingsReader(from: Options): SettingsReader {
  return readerOf(openTable(from));
}

/** Reads and writes settings, for people who may. */
export function createSettingsStore(from: Options): SettingsStore {
  const table = openTable(from);
  return {
    ...readerOf(table),
    async list(limit) {
      const items = await table.query({ limit });
      return items.map(entryOf);
    },
    async put(settings) {
      const writeToken = randomUUID();
      const Item = toItem(settings, writeToken);
      const condition = { ConditionExpression: 'attribute_not_exists(pk)' };
      const command = new PutCommand({ TableName: from.tableName, Item, ...condition });
      return callAws('settings-unavailable', `Writing version ${settings.version} of the settings`, async () => {
        try {
          await table.client.send(command);
          return 'written';
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          const [found] = await table.query({ exactly: settings.version, limit: 1 });
          return found?.writeToken === writeToken ? 'written' : 'taken';
        }
      });
    },
  };
}

function readerOf({ query }: { query(range: Range): Promise<Item[]> }): SettingsReader {
  const one = async (range: Omit<Range, 'limit'>) => (await query({ ...range, limit: 1 })).map(fromItem)[0];
  return {
    readNewest: (after = 0) => one({ above: after }),
    readVersion: (version) => one({ exactly: version }),
  };
}

function openTable({ tableName, ...from }: Options) {
  const client = documentsFrom(from);
  const { partitionKey, sortKey, partition } = SETTINGS_TABLE;
  /** A page holds a megabyte, which may be three versions, so pages are read as needed. */
  async function query({ above = 0, exactly, limit }: Range): Promise<Item[]> {
    const items: Item[] = [];
    let from: Item | undefined;
    do {
      const command = new QueryCommand({
        TableName: tableName,
        ConsistentRead: true,
        KeyConditionExpression: `#pk = :pk AND #version ${exactly === undefined ? '>' : '='} :version`,
        ExpressionAttributeNames: { '#pk': partitionKey, '#version': sortKey },
        ExpressionAttributeValues: { ':pk': partition, ':version': exactly ?? above },
        ScanIndexForward: false,
        Limit: limit - items.length,
        ...(from !== undefined && { ExclusiveStartKey: from }),
      });
      const answer = await callAws('settings-unavailable', 'Reading the settings', () => client.send(command));
      const page = pageSchema.parse(answer);
      items.push(...page.Items);
      from = page.LastEvaluatedKey;
    } while (from !== undefined && items.length < limit);
    return items;
  }
  return { client, query };
}
