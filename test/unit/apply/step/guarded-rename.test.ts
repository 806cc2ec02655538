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
describe.each([
  ['by its names', { name: 'Engineering' }, TMP],
  ['by its id', { id: GROUP }, { id: GROUP }],
])('a protected group that tickets address %s', (_, first, then) => {
  it('is not renamed in one change, emptied in the next and deleted in a third', async () => {
    const outcome = await world.play(about(first, { set: TMP }), about(then, REMOVE), {
      action: 'delete',
      group: then,
    });
    const sentence =
      'renaming segment group "Engineering" to "Eng tmp" would take it out of the protection of "Engineering"';
    expect(outcome).toMatchObject({ code: 'guarded', sentence });
    for (const key of ['T-2', 'T-3']) expect(await world.outcome(key)).toMatchObject({ kind: 'rejected' });
    expect(world.tenant.writes).toEqual([]);
  });

  it('is not renamed by the first member of a change set and changed by the second', async () => {
    const member = (index: number) => ({ changeSet: { id: 'S', index, size: 2, onReject: 'continue' } });
    await world.play(about(first, { set: TMP, ...member(1) }), about(then, { ...REMOVE, ...member(2) }));
    for (const key of ['T-1', 'T-2']) expect(await world.outcome(key)).toMatchObject({ kind: 'rejected' });
    expect(world.tenant.writes).toEqual([]);
  });
});

it('a protected group may still be changed where that is not refused', async () => {
  const asked = about({ id: GROUP }, { set: { name: 'Engineering', enabled: true } });
  expect(await world.play(asked)).toMatchObject({ kind: 'applied' });
});
