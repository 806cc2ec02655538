import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOptions } from '../../../shared/aws/clients.ts';
import { TABLE } from '../../../shared/deployment/resources.ts';

/** dynalite has no types of its own. */
const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)('dynalite');

export const TABLE_NAME = 'ledger';

export type TestTable = { url: string; client: DynamoDBClient; close(): Promise<void> };

export function clientAt(url: string): DynamoDBClient {
  return new DynamoDBClient(clientOptions({ AWS_ENDPOINT_URL: url }));
}

/** A DynamoDB in this process with our table, keys and indexes from `shared/deployment/resources.ts`. */
export async function openTable(): Promise<TestTable> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const client = clientAt(url);
  await client.send(new CreateTableCommand(tableDefinition()));
  return {
    url,
    client,
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function tableDefinition() {
  const indexes = [TABLE.openIndex, TABLE.failedIndex];
  const hash = { AttributeName: TABLE.partitionKey, KeyType: 'HASH' as const };
  const range = (name: string) => ({ AttributeName: name, KeyType: 'RANGE' as const });
  return {
    TableName: TABLE_NAME,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [
      { AttributeName: TABLE.partitionKey, AttributeType: 'S' as const },
      { AttributeName: TABLE.sortKey, AttributeType: 'S' as const },
      ...indexes.map(({ key }) => ({ AttributeName: key, AttributeType: 'N' as const })),
    ],
    KeySchema: [hash, range(TABLE.sortKey)],
    LocalSecondaryIndexes: indexes.map(({ name, key }) => ({
      IndexName: name,
      KeySchema: [hash, range(key)],
      Projection: { ProjectionType: 'ALL' as const },
    })),
  };
}
