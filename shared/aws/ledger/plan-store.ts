import * as z from 'zod';
import { PARTITIONS, TABLE } from '../../deployment/resources.ts';
import { planBindingSchema } from '../../domain/plan/plan-binding.ts';
import type { PlanStore } from '../../ports/plan-store.ts';
import { epochSeconds } from './table/ledger-items.ts';
import { type LedgerTableOptions, openLedgerTable } from './table/open-ledger-table.ts';
import { parseItem } from './table/stored-item.ts';

const planSchema = z.object({ digest: z.string(), at: z.number(), readAt: z.number().optional() });
const { lane, microtenantId, shown } = planBindingSchema.shape;
/**
 * Customer, microtenant and what was shown stand beside the plan, because an earlier version reads the plan and refuses
 * unknown fields.
 */
const boundSchema = z
  .object({ plan: planBindingSchema, lane, microtenantId, shown })
  .transform(({ plan, ...scope }) => ({ ...plan, ...scope }));

/**
 * Stores plans in the ledger's table in partitions of their own. Besides `readers#`, the function `plan` may write only
 * these partitions:
 *
 *     pk plan#["<system>","<ticket>"]   sk latest | asked#<change as asked>   expiresAt
 */
export function createPlanStore(from: LedgerTableOptions): PlanStore {
  const { table } = openLedgerTable(from);
  const keyOf = (system: string, ticketId: string, sk: string) => ({
    pk: `${PARTITIONS.plans}${JSON.stringify([system, ticketId])}`,
    sk,
  });
  return {
    latest: async (system, ticketId) => parseItem(await table.get(keyOf(system, ticketId, 'latest')), planSchema.parse),
    putLatest: (system, ticketId, { expiresAt, ...plan }) =>
      table.put(keyOf(system, ticketId, 'latest'), { ...plan, [TABLE.timeToLive]: epochSeconds(expiresAt) }),
    async bind(system, ticketId, bindings, expiresAt) {
      const until = { [TABLE.timeToLive]: epochSeconds(expiresAt) };
      for (const [asked, { lane, microtenantId, shown, ...plan }] of bindings) {
        await table.put(keyOf(system, ticketId, `asked#${asked}`), { plan, lane, microtenantId, shown, ...until });
      }
    },
    bindingOf: async (system, ticketId, asked) =>
      parseItem(await table.get(keyOf(system, ticketId, `asked#${asked}`)), boundSchema.parse),
  };
}
