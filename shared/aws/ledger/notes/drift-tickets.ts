import * as z from 'zod';
import { PARTITIONS } from '../../../deployment/resources.ts';
import { noDriftTicket } from '../../../domain/drift/ticket/drift-ticket.ts';
import type { Lane } from '../../../domain/lane/change-ref.ts';
import type { DriftTickets } from '../../../ports/drift-tickets.ts';
import { type LedgerTableOptions, openLedgerTable } from '../table/open-ledger-table.ts';
import { parseItem } from '../table/stored-item.ts';

const { parse } = z.object({
  version: z.int().min(1),
  lane: z.string(),
  tenant: z.string(),
  closed: z.int().min(0),
  ticket: z.string().optional(),
  source: z.string().optional(),
  findings: z.array(z.string()),
  toldUntil: z.string().optional(),
  claim: z.object({ by: z.string(), until: z.number() }).optional(),
});

/**
 * Stores the tickets about drift in the ledger's table, where `notify` may write: `pk note#["<lane>","<tenant>"]  sk drift`. They
 * never expire.
 */
export function createDriftTickets(options: LedgerTableOptions): DriftTickets {
  const { table } = openLedgerTable(options);
  const keyOf = (lane: Lane, tenant: string) => ({
    pk: `${PARTITIONS.setNotes}${JSON.stringify([lane, tenant])}`,
    sk: 'drift',
  });
  return {
    read: async (lane, tenant) => parseItem(await table.get(keyOf(lane, tenant)), parse) ?? noDriftTicket(lane, tenant),
    write: (record, expected) => table.putIf({ key: keyOf(record.lane, record.tenant), record, expected, parse }),
  };
}
