import { describe, expect, it } from 'vitest';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { anApplied, aRejected } from '../../../fakes/records.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { anEnding, groupIn, laneOf, leave, updating, watch, wroteAs } from './found-intent.ts';

const overtaken = [{ field: 'name', expected: 'Depot', found: 'By hand' }];
const renaming = (world: LaneWorld) => updating(groupIn(world), { fields: { name: 'Depot' } });
const settledAs = (outcome: ReturnType<typeof anApplied> | ReturnType<typeof aRejected>) =>
  ({ state: 'settled', outcome }) as const;

describe('a successor that finds an open intent', () => {
  it('whose changes are all settled says how far the lane is, and lets go of it', async () => {
    const world = laneOf({});
    const settled = settledAs(anApplied());
    const { finish, lane } = await leave(world, {
      writes: [renaming(world)],
      members: [{ record: settled }, { record: settled }],
      lane: { through: 1, skipped: [1, 2, 9] },
    });
    expect(await finish()).toBeUndefined();
    expect(lane()).toMatchObject({ through: 2, skipped: [9] });
    expect(lane()).not.toHaveProperty('intent');
    expect(world.tenant.calls).toEqual([]);
  });

  it('asks ZPA nothing about changes that are settled, however they ended', async () => {
    const world = laneOf({});
    const left = { writes: [renaming(world)], members: [{ record: settledAs(aRejected()) }] };
    const { finish, lane } = await leave(world, left);
    expect(await finish()).toBeUndefined();
    expect(lane()).not.toHaveProperty('intent');
    expect(world.tenant.calls).toEqual([]);
  });

  it('does not lower how far the lane is', async () => {
    const world = laneOf({});
    const left = { writes: [renaming(world)], members: [{ record: settledAs(anApplied()) }], lane: { through: 7 } };
    const { finish, lane } = await leave(world, left);
    await finish();
    expect(lane().through).toBe(7);
  });

  it('settles the rest of it as those that the dead worker came to settle', async () => {
    const world = laneOf({});
    wroteAs(world, GROUP, { name: 'Depot' });
    const first = settledAs(anApplied({ writeId: 'write-1', overtaken }));
    const { finish, outcome, lane } = await leave(world, {
      writes: [renaming(world)],
      members: [{ record: first }, {}],
      intent: { cursor: 1, sendBefore: 0 },
      lane: { stopped: { code: 'x', sentence: 's', since: 1, tries: 1, probeAt: 2, alarmed: true } },
    });
    await finish();
    expect(await outcome('T-2')).toMatchObject({ kind: 'applied', writeId: 'write-1', overtaken });
    expect(world.tenant.calls).toEqual([]);
    expect(lane()).not.toHaveProperty('intent');
    expect(lane()).not.toHaveProperty('stopped');
  });

  it('settles the rest of a create with the id that the settled ones have', async () => {
    const world = laneOf();
    const { effect } = anApplied();
    const first = settledAs(anApplied({ writeId: 'write-1', effect: { ...effect, groupId: '800' } }));
    const content = { name: 'Annex', description: '', enabled: true, configSpace: 'DEFAULT', applicationIds: [] };
    const creates = anEnding({ effect: { ...effect, groupId: 'new', before: null } });
    const { finish, outcome } = await leave(world, {
      writes: [{ write: { kind: 'create', microtenantId: '0', ...content }, before: null }],
      members: [{ record: first }, { ending: creates }],
    });
    await finish();
    expect(await outcome('T-2')).toMatchObject({ kind: 'applied', effect: { groupId: '800' } });
  });

  it('takes no other write’s outcome for this one’s', async () => {
    const world = laneOf({});
    const rejected = { ...settledAs(anApplied({ writeId: 'write-0', overtaken })) };
    wroteAs(world, GROUP, { name: 'Depot' });
    const { finish, outcome } = await leave(world, {
      writes: [updating({ ...groupIn(world), name: 'Warehouse' }, { fields: { name: 'Depot' } })],
      members: [{ record: rejected }, {}],
      intent: { cursor: 1, sendBefore: 0 },
    });
    await finish();
    expect(await outcome('T-2')).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.calls.map(({ method }) => method)).toEqual(['getGroup']);
  });

  it('takes no rejection for the outcome of the write', async () => {
    const world = laneOf({});
    wroteAs(world, GROUP, { name: 'Depot' });
    const { finish, outcome } = await leave(world, {
      writes: [updating({ ...groupIn(world), name: 'Warehouse' }, { fields: { name: 'Depot' } })],
      members: [{ record: settledAs(aRejected()) }, {}],
      intent: { cursor: 1, sendBefore: 0 },
    });
    await finish();
    expect(await outcome('T-2')).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it('waits until ZPA may act on the write no longer, and says what for', async () => {
    const world = laneOf({});
    const now = world.clock.now();
    const { finish } = await leave(world, { writes: [renaming(world)], intent: { sendBefore: now - 50_000 } });
    expect(await finish()).toEqual({ kind: 'wait', delayMs: 30_000, reason: 'outcome-unknown' });
    expect(world.tenant.calls).toEqual([]);
  });

  it('stops the lane where ZPA cannot be read, and blames nobody', async () => {
    const world = laneOf({});
    const { finish, lane, outcome } = await leave(world, { writes: [renaming(world)] });
    const unreachable = aFault({ code: 'unreachable', class: 'transient', scope: 'tenant' });
    world.tenant.interfere = () => ({ fault: unreachable });
    expect(await finish()).toMatchObject({ kind: 'wait', reason: 'unreachable' });
    expect(lane()).toMatchObject({ intent: { cursor: 0 }, stopped: { code: 'unreachable' } });
    expect(await outcome()).toBeUndefined();
  });

  it('does not take an error of ours for one of ZPA', async () => {
    const world = laneOf({});
    const { finish } = await leave(world, { writes: [renaming(world)] });
    world.tenant.interfere = () => {
      throw new TypeError('a bug of ours');
    };
    await expect(finish()).rejects.toThrow('a bug of ours');
    const answered = await leave(laneOf({}), { writes: [renaming(world)], intent: { cursor: 1, sendBefore: 0 } });
    answered.world.tenant.interfere = world.tenant.interfere;
    await expect(answered.finish()).rejects.toThrow('a bug of ours');
  });
});

describe('a write found not done', () => {
  it('counts as a try of its change if it got no definite answer', async () => {
    const world = laneOf({});
    const { finish, lane } = await leave(world, { writes: [renaming(world)], intent: { unanswered: 'timeout' } });
    const calls = watch(world);
    // The next try is at once: the write was sent long ago.
    expect(await finish()).toBeUndefined();
    expect(lane()).toMatchObject({ trouble: { tries: 1 } });
    expect(lane()).not.toHaveProperty('intent');
    expect(calls.map(({ method }) => method)).toEqual(['getGroup', 'probe']);
  });

  it('counts for nothing if the worker died before it was sent', async () => {
    const world = laneOf({});
    const { finish, lane } = await leave(world, { writes: [renaming(world)] });
    const calls = watch(world);
    expect(await finish()).toBeUndefined();
    expect(lane()).not.toHaveProperty('trouble');
    expect(lane()).not.toHaveProperty('intent');
    expect(calls.map(({ method }) => method)).toEqual(['getGroup']);
  });
});

describe('a write found done', () => {
  it('is settled at once, and does not teach who we are: somebody may have done the same', async () => {
    const world = laneOf({});
    const { finish, outcome, lane } = await leave(world, { writes: [renaming(world)] });
    wroteAs(world, GROUP, { name: 'Depot' });
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(lane().learned).toEqual({});
    expect(lane()).not.toHaveProperty('answered');
  });
});
