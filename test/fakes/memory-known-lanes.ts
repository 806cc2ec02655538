import type { KnownLanes, LaneList } from '../../shared/ports/known-lanes.ts';

/** Known lanes in memory: same promises as the table, checked by the same contract. Clones on the way in and out. */
export function createMemoryKnownLanes(): KnownLanes {
  let list: LaneList = { version: 0, lanes: [] };
  return {
    read: async () => structuredClone(list),
    async write(record, expected) {
      if (list.version !== expected) return { written: false, found: structuredClone(list) };
      list = { ...structuredClone(record), version: expected + 1 };
      return { written: true };
    },
  };
}
