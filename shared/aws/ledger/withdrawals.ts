import * as z from 'zod';
import { PARTITIONS, TABLE } from '../../deployment/resources.ts';
import type { Withdrawals } from '../../ports/withdrawals.ts';
import { epochSeconds } from './table/ledger-items.ts';
import { type LedgerTableOptions, openLedgerTable } from './table/open-ledger-table.ts';
import { parseItem } from './table/stored-item.ts';

const withdrawalSchema = z.object({
  version: z.int(),
  system: z.string(),
  source: z.string(),
  ticketId: z.string(),
  at: z.number(),
  markedAt: z.number(),
  keptUntil: z.number(),
});

/**
 * Stores withdrawals in the ledger's table, in partitions `withdrawn#["<system>","<ticket>"]`: a system's name may hold
 * any character.
 */
export function createWithdrawals(from: LedgerTableOptions): Withdrawals {
  const { table } = openLedgerTable(from);
  const keyOf = (system: string, ticketId: string) => ({
    pk: `${PARTITIONS.withdrawals}${JSON.stringify([system, ticketId])}`,
    sk: 'withdrawn',
  });
  const parse = withdrawalSchema.parse;
  return {
    read: async (system, ticketId) => parseItem(await table.get(keyOf(system, ticketId)), parse),
    write: (record, expected) =>
      table.putIf({
        key: keyOf(record.system, record.ticketId),
        record,
        expected,
        attributes: { [TABLE.timeToLive]: epochSeconds(record.keptUntil) },
        parse,
      }),
  };
}
