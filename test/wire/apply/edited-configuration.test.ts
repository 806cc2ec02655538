import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { aftermath, callsOf, writesOf } from './aftermath.ts';
import { lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/** The configuration is edited between two invocations, with the clients and the ledger of production. */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 8, realTimeoutMs: 600 });
  next = lanesInTurn(world.lanes);
});
afterEach(() => world.edit());
afterAll(() => world.close());

const renaming = { idempotencyKey: 'K1', action: 'update', group: { name: 'Alpha' }, set: { name: 'Annex' } };

/** ZPA answers the lane's next PUT like this, and the worker leaves the lane. */
async function unanswered(lane: SmallLane, kind: 'effect-without-answer' | 'reset') {
  world.simulator.faults.script({ method: 'PUT', path: `${lane.customerId}/segmentGroup` }, { kind });
  const accepted = await world.accept(lane, [renaming]);
  while (writesOf(world, lane).length === 0) await world.turn();
  return accepted;
}

const narrowed = (before: Configuration): Configuration => {
  const { ops } = before.sources;
  if (ops === undefined) throw new Error('ops is configured');
  return { ...before, sources: { ops: { ...ops, grants: ops.grants.map((one) => ({ ...one, groups: ['Annex'] })) } } };
};

describe('a grant that is narrowed while a write has no answer', () => {
  it.each([
    ['effect-without-answer', 'applied', 1],
    ['reset', 'not-permitted', 0],
  ] as const)('%s: %s, and nothing is sent again', async (kind, ending, effects) => {
    const lane = next();
    const accepted = await unanswered(lane, kind);
    world.edit(narrowed);
    await world.settle();
    expect(await aftermath(world, lane, accepted)).toEqual({ endings: [ending], sent: ['PUT'], effects });
  });
});

describe('a tenant that is given the customer of another one', () => {
  const leadElsewhere = (lane: SmallLane, other: SmallLane) => (before: Configuration) => {
    const { [lane.tenant]: tenant, ...others } = before.tenants;
    if (tenant === undefined) throw new Error(`${lane.tenant} is configured`);
    return { ...before, tenants: { ...others, [lane.tenant]: { ...tenant, customerId: other.customerId } } };
  };

  it('in the middle of a move: nothing more is sent, to neither customer, and the failure names the application', async () => {
    const [lane, other] = [next(), next()];
    const [application = ''] = lane.applications;
    world.dieAt(
      ({ method, path }) => method === 'PUT' && path.includes(lane.customerId),
      () => world.edit(leadElsewhere(lane, other)),
    );
    const accepted = await world.accept(lane, [
      {
        ...{ idempotencyKey: 'K1', action: 'update', group: { name: 'Beta' }, takeFromOtherGroups: true },
        applications: { add: [{ id: application }] },
      },
    ]);
    await world.settle();
    expect(await aftermath(world, lane, accepted)).toEqual({ endings: ['outcome-unknown'], sent: ['PUT'], effects: 1 });
    expect(callsOf(world, other)).toEqual([]);
    const [record] = accepted;
    if (record === undefined) throw new Error('one was accepted');
    expect((await world.ports().ledger.readChange(record.ref))?.outcome).toMatchObject({
      details: { move: 'write 1 of 2', mayBeUngrouped: [application] },
    });
  });
});
