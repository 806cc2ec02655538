import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ClientOrEnv } from '../../clients.ts';
import { documentsFrom } from '../../documents.ts';
import { createLedgerTable, type LedgerTable } from './ledger-table.ts';

/** The ledger's table, and the client or environment through which it is reached. */
export type LedgerTableOptions = ClientOrEnv<DynamoDBClient> & { tableName: string };

/** Opens the ledger's table; properties without a value are left out of its items. */
export function openLedgerTable(from: LedgerTableOptions): { client: DynamoDBDocumentClient; table: LedgerTable } {
  const client = documentsFrom(from);
  return { client, table: createLedgerTable({ client, tableName: from.tableName, newToken: randomUUID }) };
}
