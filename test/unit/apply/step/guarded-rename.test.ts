import { beforeEach, describe, expect, it } from 'vitest';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';

/** A ticket cannot bypass a guard by renaming the group first. */
const protectedGroups = [{ groups: ['Engineering'], refuse: ['deletes', 'removals'] }];
const about = (group: object, change: object) => ({ action: 'update', group, ...change });
const TMP = { name: 'Eng tmp' };
const REMOVE = { applications: { remove: [{ id: '11' }] }, leaveUngrouped: true };

let world: LaneWorld;
beforeEach(() => {
  world = createLaneWorld({ guards: { protectedGroups } });
  world.addGroup({ name: 'Engineering', applicationIds: ['11'] });
  world.addApplications('11');
});
const outcomesOf = async (...keys: string[]) =>
  Promise.all(keys.map(async (key) => (await world.read(key)).outcome as { kind: string; code?: string }));

describe.each([
  ['by its names', { name: 'Engineering' }, TMP],
  ['by its id', { id: GROUP }, { id: GROUP }],
])('a protected group that tickets address %s', (_, first, then) => {
  it('is not renamed in one change, emptied in the next and deleted in a third', async () => {
    const records = [
      await world.accept('T-1', about(first, { set: TMP })),
      await world.accept('T-2', about(then, REMOVE)),
      await world.accept('T-3', { action: 'delete', group: then }),
    ];
    await world.settle(records);
    expect(await outcomesOf('T-1', 'T-2', 'T-3')).toMatchObject(Array(3).fill({ kind: 'rejected' }));
    expect((await outcomesOf('T-1'))[0]).toMatchObject({
      code: 'guarded',
      sentence:
        'renaming segment group "Engineering" to "Eng tmp" would take it out of the protection of "Engineering"',
    });
    expect(world.tenant.writes).toEqual([]);
  });

  it('is not renamed by the first member of a change set and changed by the second', async () => {
    const member = (index: number) => ({ changeSet: { id: 'S', index, size: 2, onReject: 'continue' } });
    const records = [
      await world.accept('T-1', about(first, { set: TMP, ...member(1) })),
      await world.accept('T-2', about(then, { ...REMOVE, ...member(2) })),
    ];
    await world.settle(records);
    expect(await outcomesOf('T-1', 'T-2')).toMatchObject(Array(2).fill({ kind: 'rejected' }));
    expect(world.tenant.writes).toEqual([]);
  });
});

it('a protected group may still be changed where that is not refused', async () => {
  await world.settle([
    await world.accept('T-1', about({ id: GROUP }, { set: { name: 'Engineering', enabled: true } })),
  ]);
  expect(await outcomesOf('T-1')).toMatchObject([{ kind: 'applied' }]);
});
