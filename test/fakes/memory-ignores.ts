import { type IgnoreList, noIgnores } from '../../shared/domain/drift/ignores.ts';
import type { Ignores } from '../../shared/ports/ignores.ts';

/** Ignores in memory: same promises as the table, checked by the same contract. Clones on the way in and out. */
export function createMemoryIgnores(): Ignores {
  const lists = new Map<string, IgnoreList>();
  return {
    read: async (lane) => structuredClone(lists.get(lane) ?? noIgnores(lane)),
    async write(record, expected) {
      const found = lists.get(record.lane);
      if ((found?.version ?? 0) !== expected) return { written: false, found: structuredClone(found) };
      lists.set(record.lane, { ...structuredClone(record), version: expected + 1 });
      return { written: true };
    },
  };
}
