import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../shared/ports.ts';
import type { MemoryLedger } from '../../fakes/memory-ledger.ts';
import { histories } from './history.ts';
import { judge } from './judge.ts';
import { playHistory } from './play-history.ts';
import type { Sabotage } from './scene.ts';
import { addTo, type Tally } from './tally.ts';

const SEED = 20_261_201;
const TIMEOUT_MS = 240_000;

it('every promise holds in every history', { timeout: TIMEOUT_MS }, async () => {
  const tally: Tally = new Map();
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const played = await playHistory(history);
      addTo(tally, played.scene.chronicle);
      expect(judge(played)).toEqual([]);
    }),
    { numRuns: 500, seed: SEED },
  );
  // Histories in which nothing goes wrong would prove nothing.
  const counts = (prefix: string) =>
    [...tally].filter(([name]) => name.startsWith(prefix)).reduce((sum, [, count]) => sum + count, 0);
  expect(counts('applied')).toBeGreaterThan(700);
  expect(counts('rejected')).toBeGreaterThan(700);
  expect(counts('process end')).toBeGreaterThan(300);
  expect(counts('ZPA')).toBeGreaterThan(500);
  expect(counts('console edits')).toBeGreaterThan(150);
});

const without = (change: (ledger: MemoryLedger) => Partial<Ledger>): Sabotage => ({
  ledger: (ledger) => ({ ...ledger, ...change(ledger) }),
});

/** Conditions of the protocol, each taken away: the judge must see it. */
const SABOTAGES: Record<string, Sabotage> = {
  'the intent before the write': without(({ writeLane }) => ({
    writeLane: ({ intent: _intent, ...lane }, expected) => writeLane(lane, expected),
  })),
  'one worker at a time': without(({ readLane, writeLane }) => ({
    readLane: async (lane) => {
      const { lease: _lease, ...free } = await readLane(lane);
      return free;
    },
    writeLane: async (record) => writeLane(record, (await readLane(record.lane)).version),
  })),
  'one outcome per generation': without(({ readChange, writeChange }) => ({
    writeChange: async (record, expected) =>
      expected === 0 ? writeChange(record, 0) : writeChange(record, (await readChange(record.ref))?.version ?? 0),
  })),
  'the order of the ledger': without(({ openChanges }) => ({
    openChanges: async (...args) => (await openChanges(...args)).toReversed(),
  })),
  'the outbox owed in the settling write': without(({ writeChange }) => ({
    writeChange: (record, expected) => writeChange({ ...record, pending: [] }, expected),
  })),
  'the quiet period': { timing: { quietPeriodMs: 0 } },
  'the budget': { boundless: true },
};

describe('a history shows that what was taken away is missing', () => {
  it.each(Object.keys(SABOTAGES))('%s', { timeout: TIMEOUT_MS }, async (name) => {
    const found = await fc.check(
      fc.asyncProperty(histories, async (history) => {
        expect(judge(await playHistory(history, SABOTAGES[name]))).toEqual([]);
      }),
      { numRuns: 500, seed: SEED, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
