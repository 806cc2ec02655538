import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLedgerTable } from '../../../local/aws/create-table.ts';
import { clientOptions } from '../../../shared/aws/clients.ts';

/** dynalite has no types of its own. */
const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)('dynalite');

export const TABLE_NAME = 'ledger';

export type TestTable = { url: string; client: DynamoDBClient; close(): Promise<void> };

export function clientAt(url: string): DynamoDBClient {
  return new DynamoDBClient(clientOptions({ AWS_ENDPOINT_URL: url }));
}

/** A DynamoDB in this process with our table. */
export async function openTable(): Promise<TestTable> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  await createLedgerTable(clientAt(url), TABLE_NAME);
  const client = clientAt(url);
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
