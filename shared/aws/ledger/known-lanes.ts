import * as z from 'zod';
import type { KnownLanes } from '../../ports/known-lanes.ts';
import { ABSENT } from '../../ports/ports.ts';
import { keys } from './table/ledger-items.ts';
import { type LedgerTableOptions, openLedgerTable } from './table/open-ledger-table.ts';
import { parseItem } from './table/stored-item.ts';

const { parse } = z.object({
  version: z.int().min(1),
  lanes: z.array(z.object({ tenant: z.string(), lane: z.string() })),
  sources: z.array(z.object({ source: z.string(), system: z.string() })).optional(),
});

/** Stores the known lanes in one item of the ledger's table: `pk lanes  sk lanes`. It never expires. */
export function createKnownLanes(options: LedgerTableOptions): KnownLanes {
  const { table } = openLedgerTable(options);
  return {
    read: async () => parseItem(await table.get(keys.knownLanes), parse) ?? { version: ABSENT, lanes: [] },
    write: (record, expected) => table.putIf({ key: keys.knownLanes, record, expected, parse }),
  };
}
