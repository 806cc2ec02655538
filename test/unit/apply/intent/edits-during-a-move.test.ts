import { describe, expect, it } from 'vitest';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import { createLaneWorld, GROUP } from '../lane-world.ts';

/** A colleague edits a group of a move while ZPA is slow to answer one of its writes. */

const OTHER = '72057594037930002';
const LONG_AGO = 1_700_000_000;
const taking = {
  action: 'update',
  group: { id: OTHER },
  applications: { add: [{ id: '11' }] },
  takeFromOtherGroups: true,
};
const deleting = { action: 'delete', group: { name: 'Warehouse' }, moveApplicationsTo: { id: OTHER } };

function build(nth: number, edit: (world: ReturnType<typeof createLaneWorld>) => void) {
  const world = createLaneWorld();
  world.addApplications('11', '12');
  world.addGroup({ applicationIds: ['11'], modifiedTime: LONG_AGO });
  world.addGroup({ id: OTHER, name: 'Annex', modifiedTime: LONG_AGO });
  let writes = 0;
  const zpaFor: ApplyPorts['zpaFor'] = (tenant, limiter) => {
    const zpa = world.ports.zpaFor(tenant, limiter);
    const write: typeof zpa.write = async (...args) => {
      writes += 1;
      const isSlow = writes === nth;
      const answer = await zpa.write(...args);
      if (isSlow) {
        await world.clock.advance(5000);
        edit(world);
        await world.clock.advance(10_000);
      }
      return answer;
    };
    return { ...zpa, write };
  };
  const ports: ApplyPorts = { ...world.ports, zpaFor };
  async function run(asked: Record<string, unknown>) {
    const change = await world.accept('T-1', asked);
    for (let left = await world.invoke([change], ports); left.length > 0; left = await world.invoke([change], ports)) {
      await world.clock.advance(world.deferral.deferred.at(-1)?.delayMs ?? 60_000);
    }
    return (await world.read('T-1')).outcome;
  }
  const groupOf = (id: string) => world.tenant.groups.get(id);
  return { ...world, run, groupOf };
}

describe('an edit by a colleague during a move is kept', () => {
  it('of the group that the application joins next', async () => {
    const world = build(1, ({ tenant }) => tenant.edit(OTHER, { description: 'by hand' }));
    expect(await world.run(taking)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.groupOf(OTHER)).toMatchObject({ description: 'by hand', applicationIds: ['11'] });
    expect(world.tenant.writes).toHaveLength(2);
  });

  it.each([1, 2])('of the emptied group, after write %i: it is not deleted with its new application', async (nth) => {
    const world = build(nth, ({ tenant, tenant: { groups } }) =>
      tenant.edit(GROUP, { applicationIds: [...(groups.get(GROUP)?.applicationIds ?? []), '12'] }),
    );
    expect(await world.run(deleting)).toMatchObject({ kind: 'rejected', code: 'group-not-empty' });
    expect(world.groupOf(GROUP)?.applicationIds).toEqual(['11', '12']);
    expect(world.groupOf(OTHER)?.applicationIds).toEqual([]);
  });

  it.each([1, 2])('of the name of the group to be deleted, after write %i: it is another one now', async (nth) => {
    const world = build(nth, ({ tenant }) => tenant.edit(GROUP, { name: 'Depot' }));
    expect(await world.run(deleting)).toMatchObject({ kind: 'rejected', code: 'group-not-found' });
    expect(world.groupOf(GROUP)).toMatchObject({ name: 'Depot', applicationIds: ['11'] });
    expect(world.groupOf(OTHER)?.applicationIds).toEqual([]);
  });

  it.each([1, 2])('of the policy rules, after write %i: a group that one names now is not deleted', async (nth) => {
    const rule = { policyType: 'ACCESS_POLICY', ruleId: '1', ruleName: 'New', ruleOrder: '1', action: 'ALLOW' };
    const world = build(nth, ({ tenant }) => tenant.rules.push({ ...rule, microtenantId: '0' }));
    expect(await world.run(deleting)).toMatchObject({ kind: 'rejected', code: 'group-in-use' });
    expect(world.groupOf(GROUP)?.applicationIds).toEqual(['11']);
    expect(world.groupOf(OTHER)?.applicationIds).toEqual([]);
  });

  it('of the name of the group that is joined: by a name it is another one now, by an id it is the same', async () => {
    for (const group of [{ name: 'Annex' }, { id: OTHER }]) {
      const world = build(1, ({ tenant }) => tenant.edit(OTHER, { name: 'Depot' }));
      const outcome = await world.run({ ...taking, group });
      expect(outcome?.kind).toBe('name' in group ? 'rejected' : 'applied');
      expect(world.groupOf('name' in group ? GROUP : OTHER)?.applicationIds).toEqual(['11']);
      expect(world.groupOf(OTHER)?.name).toBe('Depot');
    }
  });
});
