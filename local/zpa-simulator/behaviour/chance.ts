/** Repeatable chance: the same seed gives the same request ids, token ids and answer times. */
export type Dice = {
  /** 0 to below 1. */
  random(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  uuid(): string;
};

/** Mulberry32: 32 bits of state are plenty for ids that only have to differ within one run. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const hex = (digits: number): string => Array.from({ length: digits }, () => between(0, 15).toString(16)).join('');
  return { random, between, uuid: () => `${hex(8)}-${hex(4)}-9${hex(3)}-${'89ab'[between(0, 3)]}${hex(3)}-${hex(12)}` };
}
