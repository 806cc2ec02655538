import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../local/zpa-simulator/behaviour/faults.ts';
import { aftermath } from './aftermath.ts';
import { lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/**
 * ZPA answers a list that it held entries in as if the customer had not bought it. A rule of that list may name the group,
 * so nothing is deleted; a list that never held an entry counts as not bought.
 */
let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 8 });
  next = lanesInTurn(world.lanes);
  // ZPA may delete a group that a rule names: only our own reading protects it.
  world.simulator.quirks.set('rule-blocks-delete', 'dangling');
});
afterAll(() => world.close());

const POLICY = { path: '*/policySet/rules/policyType/ISOLATION_POLICY*' };
const MICROTENANTS = { path: '*/microtenants*' };
const notFound: FaultInput = { kind: 'error', status: 400, id: 'resource.not.found' };
const notBought: FaultInput = { kind: 'error', status: 401, id: 'authz.featureflag.permission.denied' };

const VANISHED: [string, typeof POLICY, FaultInput][] = [
  ['policy rules, 400 resource.not.found', POLICY, notFound],
  ['policy rules, an empty 404', POLICY, { kind: 'error', status: 404, text: '' }],
  ['policy rules, a feature that is off', POLICY, notBought],
  ['microtenants, a feature that is off', MICROTENANTS, notBought],
];

const deletion = (key: string, id: string) => ({ idempotencyKey: key, action: 'delete', group: { id } });

async function endOf(lane: SmallLane, key: string, id: string) {
  const accepted = await world.accept(lane, [deletion(key, id)]);
  await world.settle();
  const [record] = await Promise.all(accepted.map(({ ref }) => world.ports().ledger.readChange(ref)));
  return record?.outcome;
}

describe.each(VANISHED)('%s', (_, match, fault) => {
  it('that were there before are not read, and nothing is deleted', async () => {
    const lane = next();
    const store = world.simulator.storeOf(lane.customerId);
    const microtenant = store.createMicrotenant({ name: 'Subsidiary' });
    const rule = { policyType: 'ISOLATION_POLICY', groupIds: [lane.empty] };
    store.createRule({ ...rule, name: 'Isolated', ...(match === MICROTENANTS && { microtenantId: microtenant.id }) });
    expect(await endOf(lane, 'FIRST', lane.empty)).toMatchObject({ code: 'group-in-use' });

    world.simulator.faults.script(match, fault, Number.POSITIVE_INFINITY);
    expect(await endOf(lane, 'SECOND', lane.empty)).toMatchObject({
      kind: 'rejected',
      code: 'unclassified',
      zpaError: { code: 'list-vanished', reason: expect.stringMatching(/ISOLATION_POLICY|microtenants/) },
    });
    expect(store.group(lane.empty)).toBeDefined();

    world.simulator.faults.clear();
    store.deleteRule('Isolated');
    expect(await endOf(lane, 'THIRD', lane.empty)).toMatchObject({ kind: 'applied' });
  });

  it('that were never there count as not bought', async () => {
    const lane = next();
    world.simulator.faults.script(match, fault, Number.POSITIVE_INFINITY);
    const accepted = await world.accept(lane, [deletion('ONLY', lane.empty)]);
    await world.settle();
    expect(await aftermath(world, lane, accepted)).toMatchObject({ endings: ['applied'], sent: ['DELETE'] });
    world.simulator.faults.clear();
  });
});
