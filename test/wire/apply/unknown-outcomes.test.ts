import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../local/zpa-simulator/faults.ts';
import { TIMING } from '../../../shared/domain/timing.ts';
import { aftermath, callsOf } from './aftermath.ts';
import { lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/** Writes without a definite answer (design §3, "Unknown outcomes"): what the worker leaves behind. */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 40, realTimeoutMs: 600 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

const PAGE = '<html><body>We will be back soon</body></html>';
const HTML = { 'content-type': 'text/html' };

/** No read decides earlier: request timeout and quiet period have passed since a lost write could be sent. */
function expectQuietAfterLost(lane: SmallLane): void {
  const calls = callsOf(world, lane);
  const silences = calls.flatMap((call, index) => {
    const { at = Number.NaN } = calls[index + 1] ?? {};
    return call.kind === 'write' && call.fault !== undefined ? [at - call.at] : [];
  });
  expect(silences.length).toBeGreaterThan(0);
  expect(Math.min(...silences)).toBeGreaterThanOrEqual(TIMING.requestTimeoutMs + TIMING.quietPeriodMs);
}

const LOST: [string, FaultInput, 'done' | 'not done'][] = [
  ['a connection that is reset after the deed', { kind: 'effect-without-answer' }, 'done'],
  ['a minute of silence after the deed', { kind: 'effect-without-answer', hang: true }, 'done'],
  ['a deed long after the caller gave up', { kind: 'effect-after-timeout', delayMs: 70_000 }, 'done'],
  ['half of an answer', { kind: 'truncated' }, 'done'],
  ['a web page in place of the answer', { kind: 'wrong-answer', text: PAGE, headers: HTML }, 'done'],
  ['an empty 200', { kind: 'wrong-answer' }, 'done'],
  ['500 after the deed', { kind: 'wrong-answer', status: 500, text: '{"id":"internal.error"}' }, 'done'],
  ['504 of a gateway after the deed', { kind: 'wrong-answer', status: 504, text: PAGE, headers: HTML }, 'done'],
  ['a connection that is reset before the deed', { kind: 'reset' }, 'not done'],
  ['a minute of silence, and nothing done', { kind: 'no-answer' }, 'not done'],
  ['500, and nothing done', { kind: 'error', status: 500 }, 'not done'],
  ['503 with Retry-After: 10s', { kind: 'error', status: 503 }, 'not done'],
  ['a web page, and nothing done', { kind: 'wrong-answer', effect: 'none', text: PAGE, headers: HTML }, 'not done'],
];

describe('an update, a create and a delete, each answered by', () => {
  it.each(LOST)('%s: applied once in effect, in order, and not looked at too early', async (_, fault, deed) => {
    const lane = next();
    for (const method of ['PUT', 'POST', 'DELETE']) {
      world.simulator.faults.script({ method, path: `${lane.customerId}/segmentGroup` }, fault);
    }
    const accepted = await world.accept(lane, [
      { idempotencyKey: 'K1', action: 'update', group: { name: 'Alpha' }, set: { name: 'Annex', enabled: false } },
      { idempotencyKey: 'K2', action: 'create', group: { name: 'Alpha' }, description: 'In its place' },
      { idempotencyKey: 'K3', action: 'delete', group: { name: 'Empty' } },
    ]);
    await world.settle();
    const methods = ['PUT', 'POST', 'DELETE'];
    expect(await aftermath(world, lane, accepted)).toEqual({
      endings: ['applied', 'applied', 'applied'],
      sent: deed === 'done' ? methods : methods.flatMap((one) => [one, one]),
      effects: 3,
    });
    expectQuietAfterLost(lane);
    const names = world.simulator.storeOf(lane.customerId).groups();
    expect(names.map(({ name }) => name).sort()).toEqual(['Alpha', 'Annex', 'Beta']);
    expect(Math.max(...accepted.map(world.receivesOf))).toBeLessThanOrEqual(8);
  });
});

type Meanwhile = {
  what: string;
  asked: (lane: SmallLane) => object;
  deed: 'done' | 'not done';
  somebody: (zpa: ReturnType<WorkerWorld['simulator']['storeOf']>, lane: SmallLane) => void;
  ends: string;
  sent: string[];
  effects: number;
  /** What is in ZPA afterwards, and what the outcome says about it. */
  left?: (zpa: ReturnType<WorkerWorld['simulator']['storeOf']>, lane: SmallLane) => unknown;
  details?: object;
};

const rename = (lane: SmallLane) => ({ action: 'update', group: { id: lane.alpha }, set: { name: 'Annex' } });
const create = () => ({ action: 'create', group: { name: 'Annex' } });
const drop = () => ({ action: 'delete', group: { name: 'Empty' } });

const MEANWHILE: Meanwhile[] = [
  {
    what: 'an update not done, the group renamed by hand: neither, shown with before, intended and live',
    ...{ asked: rename, deed: 'not done', ends: 'outcome-unknown', sent: ['PUT'], effects: 0 },
    somebody: (zpa, { alpha }) => zpa.renameGroup(alpha, 'By hand'),
    left: (zpa, { alpha }) => zpa.group(alpha)?.name === 'By hand',
    details: { before: { name: 'Alpha' }, intended: { name: 'Annex' }, live: { name: 'By hand' } },
  },
  {
    what: 'an update done, the group edited by hand after it: neither, and the edit stays',
    ...{ asked: rename, deed: 'done', ends: 'outcome-unknown', sent: ['PUT'], effects: 1 },
    somebody: (zpa, { alpha }) => zpa.editGroup(alpha, { description: 'By hand' }),
    left: (zpa, { alpha }) => zpa.group(alpha)?.description === 'By hand',
    details: { live: { name: 'Annex', description: 'By hand' } },
  },
  {
    what: 'an update done and undone by hand: the content is as before, the stamp is not',
    ...{ asked: rename, deed: 'done', ends: 'outcome-unknown', sent: ['PUT'], effects: 1 },
    somebody: (zpa, { alpha }) => zpa.renameGroup(alpha, 'Alpha'),
    left: (zpa, { alpha }) => zpa.group(alpha)?.name === 'Alpha',
  },
  {
    what: 'an update not done, and somebody did just that: it is as asked',
    ...{ asked: rename, deed: 'not done', ends: 'applied', sent: ['PUT'], effects: 0 },
    somebody: (zpa, { alpha }) => zpa.renameGroup(alpha, 'Annex'),
  },
  {
    what: 'an update of a name, the group replaced by a namesake: the id was pinned, the namesake is left alone',
    asked: () => ({ action: 'update', group: { name: 'Empty' }, set: { enabled: false } }),
    ...{ deed: 'not done', ends: 'outcome-unknown', sent: ['PUT'], effects: 0 },
    somebody: (zpa, { empty }) => {
      zpa.deleteGroup(empty);
      zpa.createGroup({ name: 'Empty' });
    },
    left: (zpa) => zpa.group('Empty')?.enabled === true,
  },
  {
    what: 'a create not done, and somebody else created one of that name: not ours',
    ...{ asked: create, deed: 'not done', ends: 'group-exists', sent: ['POST'], effects: 0 },
    somebody: (zpa) => void zpa.createGroup({ name: 'Annex', description: 'Of somebody else' }),
    left: (zpa) => zpa.group('Annex')?.description === 'Of somebody else',
  },
  {
    what: 'a create done, and somebody else created another of that name: none is adopted',
    ...{ asked: create, deed: 'done', ends: 'group-exists', sent: ['POST'], effects: 1 },
    somebody: (zpa) => void zpa.createGroup({ name: 'Annex' }),
    left: (zpa) => zpa.groups().filter(({ name }) => name === 'Annex').length === 2,
  },
  {
    what: 'a create done, and edited by hand since: not certainly ours',
    ...{ asked: create, deed: 'done', ends: 'group-exists', sent: ['POST'], effects: 1 },
    somebody: (zpa) => zpa.editGroup('Annex', { description: 'By hand' }),
    left: (zpa) => zpa.group('Annex')?.description === 'By hand',
  },
  {
    what: 'a delete not done, the group edited by hand: it stays',
    ...{ asked: drop, deed: 'not done', ends: 'outcome-unknown', sent: ['DELETE'], effects: 0 },
    somebody: (zpa, { empty }) => zpa.editGroup(empty, { description: 'Needed' }),
    left: (zpa, { empty }) => zpa.group(empty)?.description === 'Needed',
  },
  {
    what: 'a delete not done, and somebody deleted it: it is gone',
    ...{ asked: drop, deed: 'not done', ends: 'applied', sent: ['DELETE'], effects: 0 },
    somebody: (zpa, { empty }) => zpa.deleteGroup(empty),
  },
];

describe('somebody else at the console before the deciding read:', () => {
  async function play(row: Meanwhile): Promise<void> {
    const lane = next();
    const zpa = world.simulator.storeOf(lane.customerId);
    const fault: FaultInput = row.deed === 'done' ? { kind: 'effect-without-answer' } : { kind: 'reset' };
    world.simulator.faults.script({ method: row.sent, path: `${lane.customerId}/segmentGroup` }, fault);
    const accepted = await world.accept(lane, [{ idempotencyKey: 'K1', ...row.asked(lane) }]);
    await world.turn();
    row.somebody(zpa, lane);
    await world.settle();
    const { ends, sent, effects } = row;
    expect(await aftermath(world, lane, accepted)).toEqual({ endings: [ends], sent, effects });
    expectQuietAfterLost(lane);
    expect(accepted.map(world.receivesOf)).toEqual([2]);
    expect(row.left?.(zpa, lane) ?? true).toBe(true);
    const [ref] = accepted.map((one) => one.ref);
    const record = ref && (await world.ports().ledger.readChange(ref));
    if (row.details !== undefined) expect(record?.outcome).toMatchObject({ details: row.details });
  }

  it.each(MEANWHILE)('$what', play);

  // WHY it fails: until a first read-back has shown who `modifiedBy` is when it is us, anybody's twin is adopted.
  it.fails('a create not done, and somebody else created the very same before we know our own name: not ours', async () => {
    await play({
      what: 'twins',
      ...{ asked: create, deed: 'not done', ends: 'group-exists', sent: ['POST'], effects: 0 },
      somebody: (zpa) => void zpa.createGroup({ name: 'Annex', description: '', enabled: false }),
    });
  });
});

describe('a write of several', () => {
  const adding = (lane: SmallLane) =>
    [3, 4, 5].map((place) => ({
      idempotencyKey: `K${place}`,
      ...{ action: 'update', group: { id: lane.empty }, applications: { add: [{ id: lane.applications[place] }] } },
    }));

  it.each<[FaultInput, number]>([
    [{ kind: 'effect-without-answer' }, 1],
    [{ kind: 'reset' }, 2],
  ])('coalesced changes whose one write ends with %j: all applied, each effect once', async (fault) => {
    const lane = next();
    world.simulator.faults.script({ method: 'PUT', path: lane.customerId }, fault);
    const accepted = await world.accept(lane, adding(lane));
    await world.settle();
    const { endings, sent, effects } = await aftermath(world, lane, accepted);
    expect(endings).toEqual(['applied', 'applied', 'applied']);
    // Not done: one by one, so that an offender among them would be found.
    expect([sent.length, effects]).toEqual(fault.kind === 'reset' ? [4, 3] : [1, 1]);
    expect(world.simulator.storeOf(lane.customerId).members(lane.empty)).toEqual(lane.applications.slice(3, 6));
  });

  it.each([
    ['first', 0, 'done'],
    ['first', 0, 'not done'],
    ['second', 1, 'done'],
    ['second', 1, 'not done'],
  ] as const)(
    'a move whose %s write is lost (%i, %s) arrives, and is written no more than it must',
    async (_, after, deed) => {
      const lane = next();
      const fault: FaultInput = deed === 'done' ? { kind: 'effect-without-answer' } : { kind: 'reset' };
      world.simulator.faults.script({ method: 'PUT', path: lane.customerId, after }, fault);
      const [app] = lane.applications;
      const accepted = await world.accept(lane, [
        {
          idempotencyKey: 'K1',
          ...{ action: 'update', group: { id: lane.empty }, takeFromOtherGroups: true },
          applications: { add: [{ id: app }] },
        },
        { idempotencyKey: 'K2', action: 'update', group: { id: lane.alpha }, set: { description: 'After the move' } },
      ]);
      await world.settle();
      expect(await aftermath(world, lane, accepted)).toEqual({
        endings: ['applied', 'applied'],
        sent: Array.from({ length: deed === 'done' ? 3 : 4 }, () => 'PUT'),
        effects: 3,
      });
      const zpa = world.simulator.storeOf(lane.customerId);
      expect([zpa.members(lane.empty), zpa.members(lane.alpha)]).toEqual([[app], [lane.applications[1]]]);
    },
  );
});
