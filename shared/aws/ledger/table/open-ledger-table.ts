import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type ClientOrEnv, clientFrom } from '../../clients.ts';
import { createLedgerTable, type LedgerTable } from './ledger-table.ts';

/** The ledger's table, and the client or environment through which it is reached. */
export type LedgerTableOptions = ClientOrEnv<DynamoDBClient> & { tableName: string };

/** Opens the ledger's table; properties without a value are left out of its items. */
export function openLedgerTable(from: LedgerTableOptions): { client: DynamoDBDocumentClient; table: LedgerTable } {
  const plain = clientFrom(from, (options) => new DynamoDBClient(options));
  const client = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
  return { client, table: createLedgerTable({ client, tableName: from.tableName, newToken: randomUUID }) };
}
