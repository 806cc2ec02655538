import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editedHistories } from './configuration-edits.ts';
import { histories } from './history.ts';
import { judge } from './judge.ts';
import { playHistory } from './play-history.ts';
import { addTo, type Tally } from './tally.ts';

/** Crash histories in which the configuration is edited, and mostly put back, while changes are open. */

const SEED = 20_261_202;
const TIMEOUT_MS = 240_000;

it('every promise holds though the configuration is edited', { timeout: TIMEOUT_MS }, async () => {
  const tally: Tally = new Map();
  await fc.assert(
    fc.asyncProperty(editedHistories(histories), async (history) => {
      const played = await playHistory(history);
      addTo(tally, played.scene);
      expect(judge(played)).toEqual([]);
    }),
    { numRuns: 300, seed: SEED },
  );
  const count = (name: string) => tally.get(name) ?? 0;
  expect(count('applied')).toBeGreaterThan(300);
  expect(count('rejected not-permitted')).toBeGreaterThan(100);
  expect(count('rejected guarded')).toBeGreaterThan(50);
  expect(count('rejected outcome-unknown')).toBeGreaterThan(5);
});

it('a history shows that the configuration of before is used', { timeout: TIMEOUT_MS }, async () => {
  const found = await fc.check(
    fc.asyncProperty(editedHistories(histories), async (history) => {
      expect(judge(await playHistory(history, { unedited: true }))).toEqual([]);
    }),
    { numRuns: 300, seed: SEED, endOnFailure: true },
  );
  const [history] = found.counterexample ?? [];
  if (history === undefined) throw new Error('nobody misses it');
  expect(judge(await playHistory(history))).toEqual([]);
});
