import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { TABLE } from '../../deployment/resources.ts';
import { TIMING } from '../../domain/ledger/timing.ts';
import type { SetNote } from '../../domain/notice/set-note.ts';
import type { SetNotes } from '../../ports/set-notes.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { epochSeconds, keys } from './ledger-items.ts';
import { ledgerTable, parseItem } from './ledger-table.ts';

const member = z.object({
  lane: z.string(),
  tenant: z.string(),
  idempotencyKey: z.string(),
  generation: z.int(),
  index: z.int(),
  kind: z.enum(['applied', 'unchanged', 'rejected', 'cancelled', 'superseded']),
  told: z.boolean(),
});

const noteSchema = z.object({
  version: z.int().min(1),
  id: z.string(),
  source: z.string(),
  ticket: z.string(),
  size: z.int(),
  members: z.array(member),
  since: z.number(),
  timer: z.string(),
  early: z.boolean(),
  claim: z.object({ by: z.string(), until: z.number() }).optional(),
  commented: z.string().optional(),
});

/** Throws a `ZodError`. */
function parse(value: unknown): SetNote {
  const { claim, commented, ...note } = noteSchema.parse(value);
  return { ...note, ...(claim === undefined ? {} : { claim }), ...(commented === undefined ? {} : { commented }) };
}

/** The notes of change sets in the ledger's table: `pk note#<id>  sk note  expiresAt`. Kept as long as their changes. */
export function createSetNotes(options: ClientOrEnv<DynamoDBClient> & { tableName: string }): SetNotes {
  const plain = clientFrom(options, (settings) => new DynamoDBClient(settings));
  const client = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
  const table = ledgerTable({ client, tableName: options.tableName, newToken: randomUUID });
  return {
    read: async (id) => parseItem(await table.get(keys.setNote(id)), parse),
    write: (record, expected) => {
      const attributes = { [TABLE.timeToLive]: epochSeconds(record.since + TIMING.settledKeptMs) };
      return table.putIf({ key: keys.setNote(record.id), record, expected, attributes, parse });
    },
  };
}
