import * as z from 'zod';
import { PARTITIONS } from '../../deployment/resources.ts';
import type { SharedReadBudgetStore } from '../../reading/shared-reads.ts';
import { type LedgerTableOptions, openLedgerTable } from './table/open-ledger-table.ts';
import { parseItem } from './table/stored-item.ts';

const placesSchema = z.object({
  version: z.int(),
  lane: z.string(),
  reads: z.array(z.number()),
  notBefore: z.number(),
  readerAt: z.number().optional(),
});

/** Stores the read budget that readers of a lane share, in the ledger's table in partitions `readers#<lane>`. */
export function createSharedReadBudgetStore(from: LedgerTableOptions): SharedReadBudgetStore {
  const { table } = openLedgerTable(from);
  const keyOf = (lane: string) => ({ pk: `${PARTITIONS.readers}${lane}`, sk: 'readers' });
  return {
    read: async (lane) => parseItem(await table.get(keyOf(lane)), placesSchema.parse),
    write: (record, expected) => table.putIf({ key: keyOf(record.lane), record, expected, parse: placesSchema.parse }),
  };
}
