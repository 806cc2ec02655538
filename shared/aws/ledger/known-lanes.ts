import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { KnownLanes } from '../../ports/known-lanes.ts';
import { ABSENT } from '../../ports/ports.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { keys } from './ledger-items.ts';
import { ledgerTable, parseItem } from './ledger-table.ts';

const { parse } = z.object({
  version: z.int().min(1),
  lanes: z.array(z.object({ tenant: z.string(), lane: z.string() })),
});

/** One item in the ledger's table: `pk lanes  sk lanes`. It is kept for good. */
export function createKnownLanes(options: ClientOrEnv<DynamoDBClient> & { tableName: string }): KnownLanes {
  const plain = clientFrom(options, (settings) => new DynamoDBClient(settings));
  const client = DynamoDBDocumentClient.from(plain);
  const table = ledgerTable({ client, tableName: options.tableName, newToken: randomUUID });
  return {
    read: async () => parseItem(await table.get(keys.knownLanes), parse) ?? { version: ABSENT, lanes: [] },
    write: (record, expected) => table.putIf({ key: keys.knownLanes, record, expected, parse }),
  };
}
