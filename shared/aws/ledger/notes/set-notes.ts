import * as z from 'zod';
import { TABLE } from '../../../deployment/resources.ts';
import { TIMING } from '../../../domain/ledger/timing.ts';
import type { SetNote } from '../../../domain/notice/set-note.ts';
import type { SetNotes } from '../../../ports/set-notes.ts';
import { epochSeconds, keys } from '../table/ledger-items.ts';
import { type LedgerTableOptions, openLedgerTable } from '../table/open-ledger-table.ts';
import { parseItem } from '../table/stored-item.ts';

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

/** Parses a stored note; throws a `ZodError`. */
function parse(value: unknown): SetNote {
  const { claim, commented, ...note } = noteSchema.parse(value);
  return { ...note, ...(claim === undefined ? {} : { claim }), ...(commented === undefined ? {} : { commented }) };
}

/**
 * Stores notes of change sets in the ledger's table: `pk note#<id>  sk note  expiresAt`. They expire with their
 * changes.
 */
export function createSetNotes(options: LedgerTableOptions): SetNotes {
  const { table } = openLedgerTable(options);
  return {
    read: async (id) => parseItem(await table.get(keys.setNote(id)), parse),
    write: (record, expected) => {
      const attributes = { [TABLE.timeToLive]: epochSeconds(record.since + TIMING.settledKeptMs) };
      return table.putIf({ key: keys.setNote(record.id), record, expected, attributes, parse });
    },
  };
}
