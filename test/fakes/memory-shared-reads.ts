import { newSharedReadBudget, type SharedReadBudget } from '../../shared/domain/ledger/shared-read-budget.ts';
import type { SharedReadBudgetStore } from '../../shared/reading/shared-reads.ts';

/** The reads that processes share, in memory; `calls`: how often they were read or written. */
export function createMemorySharedReads() {
  const places = new Map<string, SharedReadBudget>();
  const counted = { places, calls: 0 };
  const store: SharedReadBudgetStore = {
    async read(lane) {
      counted.calls += 1;
      return structuredClone(places.get(lane));
    },
    async write(next, expected) {
      counted.calls += 1;
      const found = places.get(next.lane) ?? newSharedReadBudget(next.lane);
      if (found.version !== expected) return { written: false, found: structuredClone(found) };
      places.set(next.lane, { ...structuredClone(next), version: expected + 1 });
      return { written: true };
    },
  };
  return Object.assign(counted, store);
}
