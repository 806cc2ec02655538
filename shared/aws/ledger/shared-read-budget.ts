import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { PARTITIONS } from '../../deployment/resources.ts';
import type { SharedReadBudgetStore } from '../../reading/shared-reads.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { ledgerTable, parseItem } from './ledger-table.ts';

const placesSchema = z.object({
  version: z.int(),
  lane: z.string(),
  reads: z.array(z.number()),
  notBefore: z.number(),
});

/** In the ledger's table, in partitions of their own: `readers#<lane>`, which is all that readers may write there. */
export function createSharedReadBudgetStore(
  from: ClientOrEnv<DynamoDBClient> & { tableName: string },
): SharedReadBudgetStore {
  const plain = clientFrom(from, (settings) => new DynamoDBClient(settings));
  const client = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
  const table = ledgerTable({ client, tableName: from.tableName, newToken: randomUUID });
  const keyOf = (lane: string) => ({ pk: `${PARTITIONS.readers}${lane}`, sk: 'readers' });
  return {
    read: async (lane) => parseItem(await table.get(keyOf(lane)), placesSchema.parse),
    write: (record, expected) => table.putIf({ key: keyOf(record.lane), record, expected, parse: placesSchema.parse }),
  };
}
