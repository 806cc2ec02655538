import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../local/zpa-simulator/behaviour/faults.ts';
import { aftermath, callsOf } from './aftermath.ts';
import { meetFault } from './meet-fault.ts';
import { describing, lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/** Definite answers: refusals, rate limits, and failed reads that must not count as "does not exist". */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 15 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

const SECOND = 1000;
const FOR_EVER = Number.POSITIVE_INFINITY;
const errors = () => world.log.lines.filter(({ level }) => level === 'error');

describe('ZPA’s refusals', () => {
  it('reject their change at once; what a feature switch says with 401 asks for no new token', async () => {
    const feature: FaultInput = { kind: 'error', status: 401, id: 'authz.featureflag.permission.denied' };
    const seen = await meetFault(world, next(), feature, 'PUT', FOR_EVER);
    expect(seen).toMatchObject({ endings: ['zpa-refused', 'applied'], sent: 2, effects: 1 });
    const signIns = world.simulator.log.all().filter(({ kind, client }) => {
      return kind === 'token' && client === seen.lane.credential.clientId;
    });
    expect(signIns).toHaveLength(1);
  });

  it('of a coalesced write: one by one, and only the offender is rejected', async () => {
    const lane = next();
    const refusal: FaultInput = {
      kind: 'error',
      status: 400,
      id: 'invalid.resource.argument',
      params: ['applications'],
    };
    world.simulator.faults.script({ method: 'PUT', path: lane.empty }, refusal);
    world.simulator.faults.script({ method: 'PUT', path: lane.empty, after: 1 }, refusal);
    const adding = [3, 4, 5].map((place) => ({
      ...{ idempotencyKey: `K${place}`, action: 'update', group: { id: lane.empty } },
      applications: { add: [{ id: lane.applications[place] }] },
    }));
    const accepted = await world.accept(lane, adding);
    await world.settle();
    expect(await aftermath(world, lane, accepted)).toEqual({
      endings: ['applied', 'zpa-refused', 'applied'],
      ...{ sent: ['PUT', 'PUT', 'PUT', 'PUT'], effects: 2 },
    });
    const [, , , first, , third] = lane.applications;
    expect(world.simulator.storeOf(lane.customerId).members(lane.empty)).toEqual([first, third]);
  });
});

describe('an answer that asks for silence', () => {
  const asking = (fault: FaultInput) => (fault.kind === 'rate-limited' ? (fault.retryAfterSeconds ?? 4) : 10) * SECOND;
  const WAITS: [string, FaultInput, string, number][] = [
    ['429 to a write, for 4 s', { kind: 'rate-limited' }, 'PUT', 1],
    ['429 to a read, for 13 s', { kind: 'rate-limited', retryAfterSeconds: 13 }, 'GET', 1],
    ['429 to a write, for two minutes', { kind: 'rate-limited', retryAfterSeconds: 120 }, 'PUT', 3],
    ['429 to a write, for 20 s', { kind: 'rate-limited', retryAfterSeconds: 20 }, 'PUT', 2],
    ['503 to a read, Retry-After: 10s', { kind: 'error', status: 503 }, 'GET', 3],
  ];
  it.each(WAITS)('%s: nothing is sent before, nobody is alarmed, nothing is rejected', async (...row) => {
    const [, fault, method, receives] = row;
    const alarms = errors().length;
    const seen = await meetFault(world, next(), fault, method, 1);
    expect(seen).toMatchObject({ endings: ['applied', 'applied'], sent: method === 'PUT' ? 3 : 2, effects: 2 });
    const calls = callsOf(world, seen.lane);
    const refused = calls.findIndex((call) => call.fault !== undefined);
    const silence = (calls[refused + 1]?.at ?? Number.NaN) - (calls[refused]?.at ?? 0);
    expect(silence).toBeGreaterThanOrEqual(asking(fault));
    expect(errors()).toHaveLength(alarms);
    expect(Math.max(...seen.accepted.map(world.receivesOf))).toBeLessThanOrEqual(receives);
  });
});

const UNREADABLE: [string, FaultInput][] = [
  ['an empty 200', { kind: 'wrong-answer', effect: 'none' }],
  ['a page', { kind: 'wrong-answer', effect: 'none', text: '<html><body>No groups</body></html>' }],
  ['a list without its list', { kind: 'wrong-answer', effect: 'none', text: '{}' }],
  ['half of a list', { kind: 'truncated' }],
  ['404 of a gateway', { kind: 'error', status: 404, text: '404 Not Found' }],
  ['500', { kind: 'error', status: 500 }],
];

describe('what could not be read is not missing:', () => {
  it.each(UNREADABLE)('a name looked up and answered with %s is looked up again', async (_, fault) => {
    const lane = next();
    world.simulator.faults.script({ method: 'GET', path: `${lane.customerId}/segmentGroup` }, fault);
    world.simulator.faults.script({ method: 'GET', path: `${lane.customerId}/segmentGroup`, after: 8 }, fault);
    const accepted = await world.accept(lane, [
      { idempotencyKey: 'K1', action: 'update', group: { name: 'Alpha' }, set: { description: 'Found' } },
      { idempotencyKey: 'K2', action: 'create', group: { name: 'Beta' } },
      { idempotencyKey: 'K3', action: 'update', group: { name: 'Empty' }, set: { name: 'Beta' } },
    ]);
    await world.settle();
    world.simulator.faults.clear();
    const { endings, effects } = await aftermath(world, lane, accepted);
    expect([endings, effects]).toEqual([['applied', 'group-exists', 'group-exists'], 1]);
    expect(world.simulator.storeOf(lane.customerId).groups()).toHaveLength(3);
  });

  it('a group is not deleted while the rules of one policy type cannot be read', async () => {
    const lane = next();
    const path = `${lane.customerId}/policySet/rules/policyType/ISOLATION_POLICY`;
    world.simulator.faults.script({ method: 'GET', path }, { kind: 'error', status: 500 }, FOR_EVER);
    const drop = { idempotencyKey: 'K1', action: 'delete', group: { id: lane.empty } };
    const accepted = await world.accept(lane, [drop, describing('K2', lane.beta)]);
    await world.settle();
    world.simulator.faults.clear();
    expect(await aftermath(world, lane, accepted)).toEqual({
      ...{ endings: ['unclassified', 'applied'], sent: ['PUT'], effects: 1 },
    });
    expect(world.simulator.storeOf(lane.customerId).group('Empty')).toBeDefined();
  });
});
