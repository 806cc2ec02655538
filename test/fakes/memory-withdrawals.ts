import type { Withdrawal, Withdrawals } from '../../shared/ports/withdrawals.ts';

/** Withdrawals in memory. Clones on the way in and out. */
export function createMemoryWithdrawals(): Withdrawals {
  const stored = new Map<string, Withdrawal>();
  const nameOf = (system: string, ticketId: string) => JSON.stringify([system, ticketId]);
  return {
    read: async (system, ticketId) => structuredClone(stored.get(nameOf(system, ticketId))),
    async write(withdrawal, expected) {
      const name = nameOf(withdrawal.system, withdrawal.ticketId);
      const found = stored.get(name);
      if ((found?.version ?? 0) !== expected) return { written: false, found: structuredClone(found) };
      stored.set(name, { ...withdrawal, version: expected + 1 });
      return { written: true };
    },
  };
}
