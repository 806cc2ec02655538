import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../local/zpa-simulator/behaviour/faults.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { aftermath, callsOf, expectBudgetKept, writesOf } from './aftermath.ts';
import { meetFault } from './meet-fault.ts';
import { describing, lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/**
 * Errors of one change while its tenant is healthy (docs/architecture.md#fault-attribution): the lane continues with
 * the next change.
 */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 22 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

const MINUTE = 60_000;
const FOR_EVER = Number.POSITIVE_INFINITY;
const UNHEARD_OF: FaultInput = { kind: 'error', status: 400, id: 'never.seen.before' };

const errors = () => world.log.lines.filter(({ level }) => level === 'error').map(({ message }) => message);
const laneOf = (records: readonly { ref: { lane: string } }[]) =>
  world.ports().ledger.readLane(records[0]?.ref.lane ?? '');

const ODD: [string, FaultInput, string, number][] = [
  ['a write refused with an id nobody knows', UNHEARD_OF, 'PUT', 7],
  ['a write answered 500', { kind: 'error', status: 500 }, 'PUT', 7],
  ['a write answered with a page', { kind: 'wrong-answer', effect: 'none', text: '<html>' }, 'PUT', 7],
  ['a write answered 403', { kind: 'error', status: 403, text: '' }, 'PUT', 7],
  ['a read of its group answered 500', { kind: 'error', status: 500 }, 'GET', 1],
  ['a read of its group answered with an empty 200', { kind: 'wrong-answer', effect: 'none' }, 'GET', 1],
  ['a read of its group refused with an id nobody knows', UNHEARD_OF, 'GET', 1],
];

describe('an error that nobody has classified, on one change while a probe succeeds', () => {
  it.each(ODD)('%s for ever: six tries within 30 minutes, then unclassified, and the lane goes on', async (...row) => {
    const [, fault, method, sent] = row;
    const seen = await meetFault(world, next(), fault, method, FOR_EVER);
    expect(seen).toMatchObject({ endings: ['unclassified', 'applied'], sent, effects: 1 });
    expect(seen.tookMs).toBeLessThan(30 * MINUTE);
    expect(callsOf(world, seen.lane).filter((call) => call.fault !== undefined)).toHaveLength(TIMING.unknownTries);
    expect(Math.max(...seen.accepted.map(world.receivesOf))).toBeLessThanOrEqual(14);
    const [ref] = seen.accepted.map((one) => one.ref);
    const record = ref && (await world.ports().ledger.readChange(ref));
    expect(record?.outcome).toMatchObject({ attempts: 6, zpaError: { code: expect.any(String) } });
  });

  it('that passes by itself before the sixth try is nobody’s rejection', async () => {
    const seen = await meetFault(world, next(), UNHEARD_OF, 'PUT', 5);
    expect(seen).toMatchObject({ endings: ['applied', 'applied'], sent: 7, effects: 2 });
  });
});

describe('a group whose reads fail for ever from its write on, while a probe succeeds', () => {
  it.each<FaultInput>([
    { kind: 'error', status: 500 },
    { kind: 'error', status: 403, text: '' },
    { kind: 'wrong-answer', text: '{"id":7}' },
  ])('%o: outcome-unknown within 30 minutes, and the lane goes on', async (fault) => {
    const lane = next();
    const path = `${lane.customerId}/segmentGroup/${lane.alpha}`;
    const written = world.simulator.log.wait((call) => call.method === 'PUT' && call.path.endsWith(path));
    const hidden = written.then(() => world.simulator.faults.script({ method: 'GET', path }, fault, FOR_EVER));
    const began = world.time.worker.now();
    const accepted = await world.accept(lane, [describing('K1', lane.alpha), describing('K2', lane.beta)]);
    await world.settle();
    await hidden;
    world.simulator.faults.clear();
    expect(await aftermath(world, lane, accepted)).toMatchObject({
      endings: ['outcome-unknown', 'applied'],
      sent: ['PUT', 'PUT'],
    });
    expect(world.time.worker.now() - began).toBeLessThan(30 * MINUTE);
  });
});

describe('a 429 to every call about one group, while others succeed', () => {
  it.each(['PUT', 'GET'])(
    '%s for ever: its silence is kept, then zpa-refused, and the lane goes on',
    async (method) => {
      const seen = await meetFault(world, next(), { kind: 'rate-limited' }, method, FOR_EVER);
      expect(seen).toMatchObject({ endings: ['zpa-refused', 'applied'], effects: 1 });
      expect(seen.tookMs).toBeGreaterThan(30 * MINUTE);
      expect(seen.tookMs).toBeLessThan(45 * MINUTE);
      const calls = callsOf(world, seen.lane);
      const silences = calls.flatMap((call, n) =>
        call.fault === undefined ? [] : [(calls[n + 1]?.at ?? 0) - call.at],
      );
      expect(Math.min(...silences)).toBeGreaterThanOrEqual(4000);
      expect(silences.length).toBeGreaterThan(30);
      expect(silences.length).toBeLessThan(50);
      expect(Math.max(...seen.accepted.map(world.receivesOf))).toBeLessThanOrEqual(40);
    },
  );
});

describe('a clash with another change in ZPA', () => {
  it.each([409, 400])(
    '%i api.concurrent.access.error: tried again until it passes, nothing is rejected',
    async (status) => {
      const clash: FaultInput = { kind: 'error', status, id: 'api.concurrent.access.error' };
      const seen = await meetFault(world, next(), clash, 'PUT', 5);
      expect(seen).toMatchObject({ endings: ['applied', 'applied'], sent: 7, effects: 2 });
      expect(Math.max(...seen.accepted.map(world.receivesOf))).toBeLessThanOrEqual(14);
    },
  );

  it.each([
    [5, 'applied', 7],
    [FOR_EVER, 'zpa-refused', 8],
  ])(
    '%d times on the second write of a move leaves nothing without a group for longer than a minute',
    async (...row) => {
      const [times, ending, sent] = row;
      const lane = next();
      const [moved = ''] = lane.applications;
      const clash: FaultInput = { kind: 'error', status: 409, id: 'api.concurrent.access.error' };
      const path = `${lane.customerId}/segmentGroup/${lane.empty}`;
      world.simulator.faults.script({ method: 'PUT', path }, clash, times);
      const began = world.time.worker.now();
      const taking = { applications: { add: [{ id: moved }] }, takeFromOtherGroups: true };
      const move = { idempotencyKey: 'K1', action: 'update', group: { id: lane.empty }, ...taking };
      const accepted = await world.accept(lane, [move, describing('K2', lane.beta)]);
      await world.settle();
      world.simulator.faults.clear();
      const seen = await aftermath(world, lane, accepted);
      expect(seen).toMatchObject({ endings: [ending, 'applied'], effects: 3 });
      expect(seen.sent).toHaveLength(sent + 1);
      expect(world.time.worker.now() - began).toBeLessThan(MINUTE);
    },
  );

  it('that never ends is given up within 30 minutes, and the 20 changes behind it are carried out', async () => {
    const lane = next();
    const clash: FaultInput = { kind: 'error', status: 409, id: 'api.concurrent.access.error' };
    world.simulator.faults.script({ method: 'PUT', path: lane.alpha }, clash, FOR_EVER);
    const healthy = Array.from({ length: 20 }, (_, n) => describing(`K${n + 2}`, n % 2 === 0 ? lane.beta : lane.empty));
    const began = world.time.worker.now();
    const accepted = await world.accept(lane, [describing('K1', lane.alpha), ...healthy]);
    await world.settle();
    world.simulator.faults.clear();
    const { endings, effects } = await aftermath(world, lane, accepted);
    expect([endings, effects]).toEqual([['zpa-refused', ...healthy.map(() => 'applied')], 20]);
    expect(world.time.worker.now() - began).toBeLessThan(30 * MINUTE);
  });
});

describe('a change that ends the worker', () => {
  // In a coalesced step the faulty change is unknown, so the next time each change is taken by itself.
  it.each([
    ['alone', 0],
    ['with another one in hand, and then alone', 1],
  ])('three times %s is worker-crashed; the lane goes on, and nobody else is blamed', async (_, company) => {
    const lane = next();
    const path = `${lane.customerId}/segmentGroup/${lane.alpha}`;
    world.simulator.faults.script({ method: 'GET', path }, { kind: 'no-answer' }, FOR_EVER);
    const behind = [describing('K2', lane.beta), describing('K3', lane.empty)];
    const first = await world.accept(lane, [describing('K1', lane.alpha), ...behind.slice(0, company)]);
    let deaths = 0;
    const arm = () =>
      world.dieAt(
        (call) => call.path.endsWith(lane.alpha),
        () => {
          deaths += 1;
          arm();
        },
      );
    arm();
    await world.settle();
    world.simulator.faults.clear();
    expect(deaths - TIMING.crashStrikes).toBe(company);
    const accepted = [...first, ...(await world.accept(lane, behind.slice(company)))];
    await world.settle();
    expect(await aftermath(world, lane, accepted)).toEqual({
      endings: ['worker-crashed', 'applied', 'applied'],
      ...{ sent: ['PUT', 'PUT'], effects: 2 },
    });
    expect(Math.max(...accepted.map(world.receivesOf))).toBeLessThanOrEqual(8);
  });
});

describe('five unclassified rejections in a row', () => {
  it('pause the lane: alarmed, nothing more is rejected or sent until somebody clears it, and then all goes on', async () => {
    const lane = next();
    const path = `${lane.customerId}/segmentGroup/`;
    world.simulator.faults.script({ method: 'PUT', path }, UNHEARD_OF, FOR_EVER);
    const groups = [lane.alpha, lane.beta, lane.empty];
    const keys = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7'];
    const accepted = await world.accept(
      lane,
      keys.map((key, index) => describing(key, groups[index % 3] ?? '')),
    );
    const alarms = errors().length;
    const began = world.time.worker.now();
    await world.settleUntil(began + 5 * 60 * MINUTE);
    expect(await laneOf(accepted)).toMatchObject({ paused: { by: 'worker' } });
    expect(errors().slice(alarms)).toEqual(['lane paused']);
    expect(writesOf(world, lane)).toHaveLength(5 * TIMING.unknownTries);
    const open = await world.ports().ledger.openChanges(accepted[0]?.ref.lane ?? '', 10);
    expect(open.map(({ ref }) => ref.idempotencyKey)).toEqual(['K6', 'K7']);
    expectBudgetKept(callsOf(world, lane));

    world.simulator.faults.clear();
    const { paused: _, ...resumed } = await laneOf(accepted);
    await world.ports().ledger.writeLane(resumed, resumed.version);
    await world.settle();
    const { endings, effects } = await aftermath(world, lane, accepted);
    expect(endings).toEqual([...keys.slice(0, 5).map(() => 'unclassified'), 'applied', 'applied']);
    expect(effects).toBe(2);
  });
});
