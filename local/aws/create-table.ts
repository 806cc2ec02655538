import {
  CreateTableCommand,
  type CreateTableInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { SETTINGS_TABLE, TABLE } from '../../shared/deployment/resources.ts';
import { createUnlessExists } from './common/create-unless-exists.ts';

const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
const attribute = (AttributeName: string, AttributeType: 'S' | 'N') => ({ AttributeName, AttributeType });

/** The ledger's table with its two sparse local secondary indexes; ready to use when this resolves. */
export function createLedgerTable(client: DynamoDBClient, name: string): Promise<void> {
  const index = (one: { name: string; key: string }) => ({
    IndexName: one.name,
    KeySchema: [key(TABLE.partitionKey, 'HASH'), key(one.key, 'RANGE')],
    Projection: { ProjectionType: TABLE.indexProjection },
  });
  return createTable(client, {
    TableName: name,
    KeySchema: [key(TABLE.partitionKey, 'HASH'), key(TABLE.sortKey, 'RANGE')],
    AttributeDefinitions: [
      attribute(TABLE.partitionKey, 'S'),
      attribute(TABLE.sortKey, 'S'),
      attribute(TABLE.openIndex.key, 'N'),
      attribute(TABLE.failedIndex.key, 'N'),
    ],
    LocalSecondaryIndexes: [index(TABLE.openIndex), index(TABLE.failedIndex)],
  });
}

/** The table of the settings; ready to use when this resolves. */
export function createSettingsTable(client: DynamoDBClient, name: string): Promise<void> {
  return createTable(client, {
    TableName: name,
    KeySchema: [key(SETTINGS_TABLE.partitionKey, 'HASH'), key(SETTINGS_TABLE.sortKey, 'RANGE')],
    AttributeDefinitions: [attribute(SETTINGS_TABLE.partitionKey, 'S'), attribute(SETTINGS_TABLE.sortKey, 'N')],
  });
}

async function createTable(client: DynamoDBClient, input: CreateTableInput): Promise<void> {
  const look = () => client.send(new DescribeTableCommand({ TableName: input.TableName }));
  const make = () => client.send(new CreateTableCommand({ ...input, BillingMode: 'PAY_PER_REQUEST' }));
  await createUnlessExists(look, ['ResourceNotFoundException'], make);
  // dynalite makes a table a moment after it answered.
  while ((await look()).Table?.TableStatus !== 'ACTIVE') await new Promise((resolve) => setImmediate(resolve));
}
