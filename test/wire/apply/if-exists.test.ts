import { afterAll, beforeAll, expect, it } from 'vitest';
import { aftermath } from './aftermath.ts';
import { lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/** `ifExists: "update"` through acceptance, the stored change and the real clients. */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 2 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

const orUpdate = (key: string, name: string, asked: object = {}) => ({
  ...{ idempotencyKey: key, action: 'create', group: { name }, ifExists: 'update' },
  ...asked,
});

it('creates once and updates from then on; what is left out and who was there stay', async () => {
  const lane = next();
  const [first = '', second = '', , free = ''] = lane.applications;
  const accepted = await world.accept(lane, [
    orUpdate('K1', 'Annex', { enabled: true, description: 'new' }),
    orUpdate('K2', 'Annex', { description: 'newer' }),
    orUpdate('K3', 'Alpha', { applications: [{ id: free }] }),
    orUpdate('K4', 'Alpha', { applications: [{ id: free }] }),
  ]);
  await world.settle();
  expect(await aftermath(world, lane, accepted)).toMatchObject({
    endings: ['applied', 'applied', 'applied', 'unchanged'],
    ...{ sent: ['POST', 'PUT', 'PUT'], effects: 3 },
  });
  const store = world.simulator.storeOf(lane.customerId);
  expect(store.members(lane.alpha)).toEqual([first, second, free]);
  const annex = await groupOf('K2');
  expect(annex).toMatchObject({ before: { enabled: true, description: 'new' }, after: { enabled: true } });

  async function groupOf(key: string) {
    const ref = accepted.find((one) => one.ref.idempotencyKey === key)?.ref;
    const record = ref && (await world.ports().ledger.readChange(ref));
    return record?.outcome?.kind === 'applied' ? record.outcome.effect : undefined;
  }
});

it('is an error where ZPA says that the name is taken and nobody is seen to have it', async () => {
  const lane = next();
  world.simulator.faults.script(
    { method: 'POST', path: lane.customerId },
    { kind: 'error', status: 400, id: 'resource.already.exist' },
  );
  const accepted = await world.accept(lane, [orUpdate('K1', 'Annex')]);
  await world.settle();
  expect(await aftermath(world, lane, accepted)).toMatchObject({ endings: ['group-exists'], sent: ['POST'] });
});
