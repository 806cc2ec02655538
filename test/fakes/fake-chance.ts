import type { Chance } from '../../shared/ports/ports.ts';

/** Chance that repeats: the same seed gives the same ids and numbers (mulberry32). */
export function createFakeChance(seed = 1): Chance {
  let state = seed >>> 0;
  let ids = 0;
  return {
    id() {
      ids += 1;
      const tail = ids.toString(16).padStart(12, '0');
      return `${(seed >>> 0).toString(16).padStart(8, '0')}-0000-4000-8000-${tail}`;
    },
    random() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    },
  };
}
