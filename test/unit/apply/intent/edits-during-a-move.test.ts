import { describe, expect, it } from 'vitest';
import { wrapZpa } from '../interfere.ts';
import { createLaneWorld, GROUP } from '../lane-world.ts';
import { LONG_AGO, OTHER, taking } from '../requests.ts';

/** A colleague edits a group of a move while ZPA is slow to answer one of its writes. */

const taken = { ...taking('11'), group: { id: OTHER } };
const deleting = { action: 'delete', group: { name: 'Warehouse' }, moveApplicationsTo: { id: OTHER } };

function build(nth: number, edit: (world: ReturnType<typeof createLaneWorld>) => void) {
  const world = createLaneWorld();
  world.addApplications('11', '12');
  world.addGroup({ applicationIds: ['11'], modifiedTime: LONG_AGO });
  world.addGroup({ id: OTHER, name: 'Annex', modifiedTime: LONG_AGO });
  let writes = 0;
  wrapZpa(world, (zpa) => ({
    async write(...args) {
      writes += 1;
      const isSlow = writes === nth;
      const answer = await zpa.write(...args);
      if (isSlow) {
        await world.clock.advance(5000);
        edit(world);
        await world.clock.advance(10_000);
      }
      return answer;
    },
  }));
  return { ...world, run: world.play, groupOf: world.group };
}

describe('an edit by a colleague during a move is kept', () => {
  it('of the group that the application joins next', async () => {
    const world = build(1, ({ tenant }) => tenant.edit(OTHER, { description: 'by hand' }));
    expect(await world.run(taken)).toMatchObject({ kind: 'applied', overtaken: [] });
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
      const outcome = await world.run({ ...taken, group });
      expect(outcome?.kind).toBe('name' in group ? 'rejected' : 'applied');
      expect(world.groupOf('name' in group ? GROUP : OTHER)?.applicationIds).toEqual(['11']);
      expect(world.groupOf(OTHER)?.name).toBe('Depot');
    }
  });
});
