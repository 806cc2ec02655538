import type { SeenListStore, SeenLists } from '../../shared/ports/seen-lists.ts';

/** Seen lists in memory: same promises as the table, checked by the same contract. Clones on the way in and out. */
export function createMemorySeenLists(): SeenListStore {
  const records = new Map<string, SeenLists>();
  const keyOf = (lane: string, scope: string) => `${lane} ${scope}`;
  return {
    read: async (lane, scope) => structuredClone(records.get(keyOf(lane, scope))),
    async write(record, expected) {
      const key = keyOf(record.lane, record.scope);
      const found = records.get(key);
      if ((found?.version ?? 0) !== expected) return { written: false, found: structuredClone(found) };
      records.set(key, { ...structuredClone(record), version: expected + 1 });
      return { written: true };
    },
  };
}
