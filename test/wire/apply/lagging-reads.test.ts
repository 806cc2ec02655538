import { afterAll, beforeAll, expect, it } from 'vitest';
import { aftermath } from './aftermath.ts';
import { lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/** A replica of ZPA that lags, on real sockets (docs/architecture.md#lagging-reads). */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 1 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

it('an application that has just left its group, found by its name, is free', async () => {
  const lane = next();
  const [first = '', second = ''] = lane.applications;
  const leave = (idempotencyKey: string, id: string) => ({
    ...{ idempotencyKey, action: 'update', group: { id: lane.alpha }, leaveUngrouped: true },
    applications: { remove: [{ id }] },
  });
  const enable = { idempotencyKey: 'K1', action: 'update', group: { id: lane.beta }, set: { description: 'south' } };
  // Read-backs of memberships are deferred once two writes have shown that v2 honours them.
  const before = await world.accept(lane, [enable]);
  await world.settle();
  before.push(...(await world.accept(lane, [leave('K2', second)])));
  await world.settle();
  world.simulator.quirks.set('read-lag', '1');
  const create = { action: 'create', group: { name: 'Annex' }, applications: [{ name: 'App 1' }] };
  const accepted = await world.accept(lane, [leave('K3', first), { idempotencyKey: 'K4', ...create }]);
  await world.settle();
  expect(await aftermath(world, lane, [...before, ...accepted])).toMatchObject({
    endings: ['applied', 'applied', 'applied', 'applied'],
    effects: 4,
  });
  expect(world.log.text()).toContain('older-reading');
});
