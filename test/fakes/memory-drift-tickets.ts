import { type DriftTicket, noDriftTicket } from '../../shared/domain/drift/ticket/drift-ticket.ts';
import type { DriftTickets } from '../../shared/ports/drift-tickets.ts';

/** Drift tickets in memory: same promises as the table, checked by the same contract. Clones on the way in and out. */
export function createMemoryDriftTickets(): DriftTickets {
  const records = new Map<string, DriftTicket>();
  const keyOf = (lane: string, tenant: string) => JSON.stringify([lane, tenant]);
  return {
    read: async (lane, tenant) => structuredClone(records.get(keyOf(lane, tenant)) ?? noDriftTicket(lane, tenant)),
    async write(record, expected) {
      const key = keyOf(record.lane, record.tenant);
      const found = records.get(key);
      if ((found?.version ?? 0) !== expected) return { written: false, found: structuredClone(found) };
      records.set(key, { ...structuredClone(record), version: expected + 1 });
      return { written: true };
    },
  };
}
