import * as z from 'zod';
import { PARTITIONS } from '../../deployment/resources.ts';
import type { SeenListStore } from '../../ports/seen-lists.ts';
import { type LedgerTableOptions, openLedgerTable } from './table/open-ledger-table.ts';
import { parseItem } from './table/stored-item.ts';

const { parse } = z.object({
  version: z.int().min(1),
  lane: z.string(),
  scope: z.string(),
  lists: z.array(z.string()),
});

/**
 * Stores the lists that held entries, one item per microtenant: `pk readers#<lane>  sk seen#<microtenantId>`, where
 * `plan` may write too. They never expire.
 */
export function createSeenListStore(from: LedgerTableOptions): SeenListStore {
  const { table } = openLedgerTable(from);
  const keyOf = (lane: string, scope: string) => ({ pk: `${PARTITIONS.readers}${lane}`, sk: `seen#${scope}` });
  return {
    read: async (lane, scope) => parseItem(await table.get(keyOf(lane, scope)), parse),
    write: (record, expected) => table.putIf({ key: keyOf(record.lane, record.scope), record, expected, parse }),
  };
}
