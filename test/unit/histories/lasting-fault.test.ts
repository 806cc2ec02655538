import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MemoryLedger } from '../../fakes/memory-ledger.ts';
import { FAULT_KINDS, type History, type LastingFault } from './history.ts';
import { judge } from './judge.ts';
import { isTooLong, type Wait, waitsOf } from './judge-liveness.ts';
import { AWS_CALLS, isStanding, lastingHistories, ZPA_CALLS } from './lasting-fault.ts';
import { judgeNeighbour, NEIGHBOUR_LANE } from './neighbour.ts';
import { playHistory } from './play-history.ts';
import { quiet } from './quiet-history.ts';
import type { RequestedChange } from './requested-changes.ts';
import { GROUP_IDS } from './small-tenant.ts';
import { addTo, describeWaits, type Tally } from './tally.ts';

/** A change of Alder, or of what the call is about, which meets the fault at every try; then changes of other objects. */
const alder = { action: 'update', group: { id: GROUP_IDS[0] }, set: { description: 'north' } };
const joining = (application: object) => ({
  ...{ action: 'update', group: { id: GROUP_IDS[1] } },
  applications: { add: [application] },
});
const absent = { action: 'update', group: { id: '72057594037930009' }, set: { description: 'north' } };
const rejected = { ...absent, changeSet: { id: 'S-1', index: 1, size: 2, onReject: 'stop' } };
const MEETING: Record<string, RequestedChange> = {
  'zpa.findGroups': { ...alder, group: { name: 'Alder' } },
  'zpa.delete': { action: 'delete', group: { id: GROUP_IDS[0] } },
  'zpa.create': { action: 'create', group: { name: 'Larch' }, enabled: true },
  'zpa.getApplication': joining({ id: '11' }),
  'zpa.findApplications': joining({ name: 'app-11' }),
  'failures.send': absent,
  'ledger.putRejectedMember': rejected,
};
/** Nothing in Alder, which can be deleted, and application 11 nowhere. */
const OTHER_HOMES = [9, 1, 2, 9, 9, 9, 9, 9];
const OTHERS = GROUP_IDS.slice(2).map((id) => ({ action: 'update', group: { id }, set: { description: 'south' } }));

/** The last change arrives when the others are settled, as far as they are. */
const LATER_MS = 300_000;

function historyOf(lasting: LastingFault): History {
  const asked = [MEETING[lasting.call] ?? alder, ...OTHERS];
  return {
    ...quiet,
    groups: 6,
    homes: OTHER_HOMES,
    lasting,
    changes: asked.map((one, n) => ({ gapMs: n === OTHERS.length ? LATER_MS : 10, asked: one })),
  };
}

const rows: LastingFault[] = [
  ...ZPA_CALLS.flatMap((one) => FAULT_KINDS.map((kind) => ({ ...one, nth: 0, kind }))),
  // The worker sends again only what it gives a new place, which the drawn histories have.
  ...AWS_CALLS.filter(({ call }) => call !== 'queue.send').map((one) => ({ ...one, nth: 0, kind: 'error' as const })),
];

describe('a fault of one object that never passes holds up nothing else', () => {
  for (const lasting of rows) {
    const { call, kind, of } = lasting;
    (isStanding(lasting) ? it.fails : it)(
      `${call} of one ${of}: ${call.startsWith('zpa.') ? kind : 'gives up'}`,
      async () => {
        const played = await playHistory(historyOf(lasting), { bounds: { calls: 10_000 } });
        expect(played.scene.chronicle.lastingHits).toBeGreaterThan(0);
        expect(judge(played)).toEqual([]);
        expect(waitsOf(played.scene).length).toBeGreaterThanOrEqual(OTHERS.length);
      },
    );
  }
});

it('every promise holds beside it, and the others end in time', { timeout: 240_000 }, async () => {
  const tally: Tally = new Map();
  const waits: Wait[] = [];
  let [hits, beside] = [0, 0];
  await fc.assert(
    fc.asyncProperty(lastingHistories, async (history) => {
      const played = await playHistory(history);
      addTo(tally, played.scene);
      waits.push(...waitsOf(played.scene));
      hits += played.scene.chronicle.lastingHits;
      beside += played.scene.neighbour.asked.length;
      expect(judge(played)).toEqual([]);
    }),
    { numRuns: 250, seed: 20_261_202 },
  );
  process.stdout.write(`Beside a fault of one object that never passes: ${describeWaits(waits)}\n`);
  expect(waits.filter(isTooLong)).toEqual([]);
  expect(hits).toBeGreaterThan(300);
  expect(waits.length).toBeGreaterThan(500);
  expect(beside).toBeGreaterThan(500);
});

it('a change that is tried for ever is missed', async () => {
  const lasting: LastingFault = { call: 'zpa.update', of: 'group', nth: 0, kind: 'odd' };
  const sabotage = { timing: { unknownTries: 1_000_000 } };
  const breaches = judge(await playHistory(historyOf(lasting), { ...sabotage, patienceMs: 2 * 3_600_000 }));
  expect(breaches).toContainEqual(expect.stringMatching(/T-2@1 waited \d+ ms because of zpa.update/));
});

/** Each change keeps growing silences for more than half an hour, so that forty of them take most of a day. */
describe('a backlog that meets a 429 for ever ends, however long it is', () => {
  const lasting: LastingFault = { call: 'zpa.getGroup', of: 'group', nth: 0, kind: 'limited' };
  const { changes, ...surroundings } = historyOf(lasting);
  const backlog = Array.from({ length: 10 }, () => ({ gapMs: 10, asked: alder }));
  const history = { ...surroundings, changes: [...backlog, ...changes] };

  it('and the others end in the time that it leaves them', async () => {
    const played = await playHistory(history);
    expect(waitsOf(played.scene).length).toBeGreaterThanOrEqual(OTHERS.length);
    expect(judge(played)).toEqual([]);
  });

  it('and what is open meanwhile is awaited', async () => {
    expect(judge(await playHistory(history, { patienceMs: 3_600_000 }))).toEqual([]);
  });

  it.each([{ calls: 100_000 }, { virtualMs: 3 * 3_600_000 }])('and each outcome lets it go on: %o', async (bounds) => {
    expect(judge(await playHistory(history, { bounds }))).toEqual([]);
  });
});

describe('two lanes in one batch', () => {
  const neighbour = [10, 20, 30, 90_000].map((atMs, group) => ({ atMs, group }));
  const stopped = historyOf({ call: 'ledger.readChange', of: 'change', nth: 0, kind: 'error' });
  const bounds = { calls: 10_000 };

  it('a lane that stands still holds up no other', async () => {
    const { scene } = await playHistory({ ...stopped, neighbour }, { bounds: { calls: 20_000 } });
    expect(waitsOf(scene).some(({ waitMs }) => waitMs > 3_600_000)).toBe(true);
    expect(judgeNeighbour(scene.neighbour, scene.chronicle)).toEqual([]);
    expect(scene.neighbour.asked).toHaveLength(neighbour.length);
  });

  it('a lane that is held up is missed', async () => {
    const ledger = (inner: MemoryLedger): MemoryLedger => ({
      ...inner,
      writeLane: (lane, expected) =>
        lane.lane === NEIGHBOUR_LANE ? Promise.reject(new Error('held')) : inner.writeLane(lane, expected),
    });
    const { scene } = await playHistory({ ...quiet, neighbour }, { ledger, bounds });
    expect(judgeNeighbour(scene.neighbour, scene.chronicle)).toContainEqual(
      expect.stringMatching(/^N-1 of the second lane waited/),
    );
  });
});
