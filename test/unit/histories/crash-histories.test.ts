import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MemoryLedger } from '../../fakes/memory-ledger.ts';
import { histories } from './history.ts';
import { judge } from './judge.ts';
import { playHistory } from './play-history.ts';
import { quiet } from './quiet-history.ts';
import { SABOTAGES } from './sabotages.ts';
import { ABSENT_GROUP, GROUP_IDS } from './small-tenant.ts';
import { addTo, type Tally } from './tally.ts';

const SEED = 20_261_201;
const TIMEOUT_MS = 240_000;

it('every promise holds in every history', { timeout: TIMEOUT_MS }, async () => {
  const tally: Tally = new Map();
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const played = await playHistory(history);
      addTo(tally, played.scene);
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
  expect(counts('stops for a setting')).toBeGreaterThan(5);
  expect(counts('older reads')).toBeGreaterThan(150);
});

it.each([false, true])(
  'a field and memberships in one change where v2 ignores memberships, set to v2: %s',
  async (misset) => {
    const pair = { set: { description: 'south' }, applications: { add: [{ id: '14' }] } };
    const asked = { action: 'update', group: { name: 'Alder' }, ...pair };
    expect(judge(await playHistory({ ...quiet, deaf: true, misset, changes: [{ gapMs: 0, asked }] }))).toEqual([]);
  },
);

it('a request to cancel that stands still while its change is redriven: it asks for the generation that is open', async () => {
  const asked = { action: 'update', group: { id: ABSENT_GROUP }, set: { enabled: false } };
  const played = await playHistory({
    ...quiet,
    changes: [{ gapMs: 0, asked }],
    redrives: [{ atMs: 3000, which: 0, acceptStale: false, thinksMs: 100 }],
    cancels: [{ atMs: 3050, which: 0 }],
    freezes: [{ atMs: 3060, forMs: 200_000 }],
    mishaps: [{ gap: 18, kind: 'stall' }],
  });
  expect(played.scene.chronicle.settles.map(({ outcome }) => outcome.kind)).toEqual(['rejected', 'cancelled']);
  expect(judge(played)).toEqual([]);
});

/** Of a group that is gone ZPA keeps nothing, so the next worker finds the create as not done. */
it.each([
  ['zpa.write', 14],
  ['zpa.getGroup', 15],
])(
  'a created group that is deleted by hand while the worker that dies after %s alone knows it, asked back',
  async (call, gap) => {
    const played = await playHistory({
      ...quiet,
      changes: [{ gapMs: 0, asked: { action: 'create', group: { name: 'Larch' }, enabled: true, applications: [] } }],
      mishaps: [{ gap, kind: 'end-after' }],
      cancels: [{ atMs: 20_000, which: 0 }],
      edits: [{ atMs: 21_000, edit: { do: 'delete', group: 3 } }],
    });
    const { mishaps, edits, settles } = played.scene.chronicle;
    expect(mishaps.map((one) => one.call)).toEqual([call]);
    expect(edits).toHaveLength(1);
    expect(settles.map(({ outcome }) => outcome.kind)).toEqual(['cancelled']);
    expect(judge(played)).toEqual([]);
  },
);

it.each([
  ['between its writes', 4],
  ['in its read-back', 3],
])(
  'a lagging replica does not find a group that a colleague has just created, %s of a move into it',
  async (_, seed) => {
    const move = { action: 'delete', group: { id: GROUP_IDS[1] }, moveApplicationsTo: { name: 'Larch' } };
    const played = await playHistory({
      ...{ ...quiet, seed },
      homes: [9, 9, 1, 9, 9, 9, 9, 9],
      changes: [{ gapMs: 0, asked: move }],
      edits: [{ atMs: 1, edit: { do: 'create', text: 'Larch' } }],
      lags: [{ atMs: 0, forMs: 60_000, lagMs: 30_000, of: 'group' }],
    });
    expect(played.scene.chronicle.olderReads).toBeGreaterThan(0);
    const [outcome] = played.scene.chronicle.settles.map((one) => one.outcome);
    expect(outcome).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(judge(played)).toEqual([]);
  },
);

/** In each of these a history went on for ever, and with it the soak. */
describe('a history that does not end is reported', () => {
  const asked = { action: 'update', group: { name: 'Alder' }, set: { description: 'south' } };
  const history = { ...quiet, changes: [{ gapMs: 0, asked }] };
  const refuse = () => Promise.reject(new Error('always'));

  it('of a delivery that is never answered', async () => {
    const ledger = (inner: MemoryLedger) => ({ ...inner, takeSequences: refuse });
    expect(judge(await playHistory(history, { ledger }))).toEqual([expect.stringMatching(/^no end after .* ms of/)]);
  });

  it('of a lane that outgrows its item', async () => {
    const ledger = (inner: MemoryLedger): MemoryLedger => ({
      ...inner,
      writeLane: (lane, expected) => inner.writeLane({ ...lane, skipped: Array(200_000).fill(1) }, expected),
    });
    const played = await playHistory(history, { ledger, bounds: { calls: 20_000 } });
    expect(judge(played)).toEqual([expect.stringMatching(/^the record of lane .* outgrew its item$/)]);
  });

  it('of a worker that does the same call again and again', async () => {
    const ledger = (inner: MemoryLedger): MemoryLedger => ({
      ...inner,
      async writeLane(lane, expected) {
        if (lane.working === undefined) return await inner.writeLane(lane, expected);
        return { written: false, found: await inner.readLane(lane.lane) };
      },
    });
    const bounds = { calls: 20_000 };
    const played = await playHistory(history, { ledger, undying: true, bounds });
    expect(judge(played)).toEqual([expect.stringMatching(/^no end after 20000 calls/)]);
  });

  it('and is given up where the time of the soak is out', async () => {
    const played = await playHistory(history, { bounds: { stop: AbortSignal.abort() } });
    expect(judge(played)).toEqual(['given up']);
  });
});

describe('a history shows that what was taken away is missing', () => {
  it.each(Object.entries(SABOTAGES))('%s', { timeout: TIMEOUT_MS }, async (name, sabotage) => {
    const { among = (history) => history, undying = false } = sabotage;
    const found = await fc.check(
      fc.asyncProperty(histories.map(among), async (history) => {
        expect(judge(await playHistory(history, sabotage))).toEqual([]);
      }),
      { numRuns: 1000, seed: SEED, endOnFailure: true },
    );
    const [history] = found.counterexample ?? [];
    if (history === undefined) throw new Error(`nobody misses ${name}`);
    expect(judge(await playHistory(history, { undying }))).toEqual([]);
  });
});
