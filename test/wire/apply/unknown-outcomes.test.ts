import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../local/zpa-simulator/behaviour/faults.ts';
import { aftermath, expectQuietAfterLost } from './aftermath.ts';
import { lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/**
 * Writes without a definite answer (docs/architecture.md#unknown-outcomes): the state that the worker leaves behind.
 */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 40, realTimeoutMs: 600 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

const PAGE = '<html><body>We will be back soon</body></html>';
const HTML = { 'content-type': 'text/html' };

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
    expectQuietAfterLost(world, lane);
    const names = world.simulator.storeOf(lane.customerId).groups();
    expect(names.map(({ name }) => name).sort()).toEqual(['Alpha', 'Annex', 'Beta']);
    expect(Math.max(...accepted.map(world.receivesOf))).toBeLessThanOrEqual(8);
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
    // The write had no effect: the changes are taken one by one, so that a faulty one would be found.
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
