import * as z from 'zod';
import { PARTITIONS } from '../../deployment/resources.ts';
import { noIgnores } from '../../domain/drift/ignores.ts';
import type { Lane } from '../../domain/lane/change-ref.ts';
import type { Ignores } from '../../ports/ignores.ts';
import { type LedgerTableOptions, openLedgerTable } from './table/open-ledger-table.ts';
import { parseItem } from './table/stored-item.ts';

const entry = z.looseObject({
  id: z.string(),
  lane: z.string(),
  group: z.looseObject({ id: z.string(), name: z.string(), microtenantId: z.string() }),
  live: z.string(),
  reason: z.string(),
  until: z.number(),
  by: z.string(),
  at: z.number(),
  includesDeletion: z.boolean().optional(),
  ended: z
    .looseObject({
      at: z.number(),
      why: z.enum(['value-changed', 'closed', 'replaced', 'withdrawn']),
      by: z.string().optional(),
    })
    .optional(),
});

const { parse } = z.object({ version: z.int().min(1), lane: z.string(), entries: z.array(entry) });

/**
 * Stores the ignores of a lane in the ledger's table: `pk ignores#<lane>  sk ignores`. The item never expires: its entries
 * end by the clock. The partition is not the lane's, because who may write there can forge approvals.
 */
export function createIgnores(options: LedgerTableOptions): Ignores {
  const { table } = openLedgerTable(options);
  const keyOf = (lane: Lane) => ({ pk: `${PARTITIONS.ignores}${lane}`, sk: 'ignores' });
  return {
    read: async (lane) => parseItem(await table.get(keyOf(lane)), parse) ?? noIgnores(lane),
    write: (record, expected) => table.putIf({ key: keyOf(record.lane), record, expected, parse }),
  };
}
