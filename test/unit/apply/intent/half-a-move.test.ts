import { describe, expect, it } from 'vitest';
import { anApplied } from '../../../fakes/records.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { anEnding, groupIn, laneOf, leave, OURS, updating, watch, wroteAs } from './found-intent.ts';

const OTHER = '72057594037930002';
const THIRD = '72057594037930003';
const known = { learned: { acme: { writer: OURS } } };

describe('the second write of a move, found in doubt,', () => {
  const build = () =>
    laneOf(
      { applicationIds: ['10'] },
      { id: OTHER, name: 'Annex', applicationIds: ['12'] },
      { id: THIRD, name: 'Yard' },
    );
  const move = (world: LaneWorld) => ({
    writes: [
      updating({ ...groupIn(world, OTHER), applicationIds: ['11', '12'] }, { deletedApps: ['11'] }),
      updating(groupIn(world), { addedApps: ['11'] }),
    ],
    intent: { cursor: 1, unanswered: 'timeout', openSince: world.clock.now() - 80_000 },
    members: [{ ending: anEnding({ effect: { ...anApplied().effect, groupId: GROUP, moves: [] } }) }],
  });

  it('of a group that is no longer there is for people to decide', async () => {
    const world = build();
    const { finish, outcome } = await leave(world, move(world));
    world.tenant.groups.delete(GROUP);
    await finish();
    expect(await outcome()).toMatchObject({
      code: 'outcome-unknown',
      details: { live: null, move: 'write 2 of 2', mayBeUngrouped: ['11'] },
    });
    expect(world.tenant.writes).toEqual([]);
  });

  it('is sent on top of an edit, and both groups are read back', async () => {
    const world = build();
    const { finish, outcome } = await leave(world, move(world));
    world.tenant.edit(GROUP, { description: 'by hand' });
    watch(world, (method) => {
      // Somebody edits the left group after our write and before our read.
      if (method === 'getGroup' && world.tenant.writes.length > 0) world.tenant.edit(OTHER, { enabled: true });
    });
    await finish();
    expect(world.tenant.writes).toMatchObject([{ groupId: GROUP, addedApps: ['11'], deletedApps: [] }]);
    expect(await outcome()).toMatchObject({ kind: 'applied', overtaken: [{ field: `enabled of ${OTHER}` }] });
  });

  it('is not sent again where our own stamp says that it arrived', async () => {
    const world = build();
    const { finish, outcome } = await leave(world, { ...move(world), lane: known });
    wroteAs(world, GROUP, { description: 'by hand, at once' });
    await finish();
    expect(await outcome()).toMatchObject({ code: 'outcome-unknown' });
    expect(world.tenant.writes).toEqual([]);
  });

  it('is not sent again where its application is in another group', async () => {
    const world = build();
    const { finish, outcome } = await leave(world, {
      ...move(world),
      lane: { learned: { acme: { writer: OURS } } },
    });
    world.tenant.edit(GROUP, { description: 'by hand' });
    world.tenant.edit(THIRD, { applicationIds: ['11'] });
    await finish();
    expect(await outcome()).toMatchObject({ code: 'outcome-unknown' });
    expect(world.tenant.writes).toEqual([]);
  });

  it('says since when its application was in no group, if it was done', async () => {
    const world = build();
    const { finish, outcome } = await leave(world, move(world));
    wroteAs(world, GROUP, { applicationIds: ['10', '11'] });
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied', effect: { ungroupedMs: 80_000 } });
  });

  it('counts from when its first write was found to be done, if that had no answer', async () => {
    const world = build();
    const { writes, members } = move(world);
    const spent = Array.from({ length: 10 }, () => world.clock.now() - 4000);
    const budget = { reads: [], writes: spent, notBefore: 0 };
    const { finish, outcome } = await leave(world, { writes, members, lane: { budget } });
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied', effect: { ungroupedMs: 6001 } });
  });
});

describe('the rest of a move that goes on', () => {
  const deleting = (world: LaneWorld) => ({
    writes: [
      updating({ ...groupIn(world, OTHER), applicationIds: ['11'] }, { deletedApps: ['11'] }),
      updating({ ...groupIn(world), applicationIds: [] }, { addedApps: ['11'] }),
      { write: { kind: 'delete' as const, groupId: OTHER, microtenantId: '0' }, before: groupIn(world, OTHER) },
    ],
    members: [
      {
        request: { action: 'delete', group: { id: OTHER }, moveApplicationsTo: { id: GROUP } },
        ending: anEnding({ effect: { ...anApplied().effect, groupId: OTHER, after: null, moves: [] } }),
      },
    ],
    intent: { cursor: 2, sendBefore: 0, openSince: world.clock.now() - 100_000 },
  });
  const build = () => laneOf({ applicationIds: ['11'] }, { id: OTHER, name: 'Annex' });

  it('looks into all rules again before a delete that was not done', async () => {
    const world = build();
    const { intent, ...left } = deleting(world);
    const { finish, outcome } = await leave(world, { ...left, intent: { cursor: 2, openSince: intent.openSince } });
    const rule = { policyType: 'ACCESS_POLICY', ruleId: '1', ruleName: 'New', ruleOrder: '1', action: 'ALLOW' };
    world.tenant.rules.push({ ...rule, microtenantId: '0' });
    await finish();
    expect(await outcome()).toMatchObject({
      code: 'group-in-use',
      zpaError: {
        class: 'permanent',
        scope: 'change',
        effect: 'none',
        params: ['policy rule "New" names the segment group now'],
      },
    });
    expect(world.tenant.groups.has(OTHER)).toBe(true);
  });

  it('does not count its scan of the rules as time between the read of a group and its delete', async () => {
    const world = build();
    const started = world.clock.now();
    const writes = Array.from({ length: 9 }, () => started);
    const lane = { budget: { reads: [], writes, notBefore: 0 } };
    const { finish, session, invocation } = await leave(world, { ...deleting(world), lane });
    const client = world.ports.zpaFor;
    world.ports.zpaFor = (tenant, limiter) => {
      const zpa = client(tenant, limiter);
      const listRules: typeof zpa.listRules = async (options) => {
        await world.clock.sleep(5000, options?.signal);
        return zpa.listRules(options);
      };
      return { ...zpa, listRules };
    };
    await finish();
    await session.waitForBudget(invocation.signal, { reads: 1, writes: 1 });
    expect(world.clock.now() - started).toBe(10_001);
  });

  it('takes a delete that somebody else has done for done', async () => {
    for (const cursor of [1, 2]) {
      const world = build();
      const { intent, ...left } = deleting(world);
      const { finish, outcome } = await leave(world, { ...left, intent: { ...intent, cursor } });
      world.tenant.groups.delete(OTHER);
      await finish();
      expect(await outcome()).toMatchObject({ kind: 'applied', effect: { ungroupedMs: 100_000 } });
      expect(world.tenant.writes).toEqual([]);
    }
  });

  it('does not delete a group that an application joined meanwhile', async () => {
    const world = build();
    const { intent, ...left } = deleting(world);
    const { finish, outcome } = await leave(world, { ...left, intent: { ...intent, cursor: 1 } });
    world.tenant.edit(OTHER, { applicationIds: ['12'] });
    await finish();
    expect(await outcome()).toMatchObject({ code: 'group-not-empty' });
    expect(world.tenant.groups.get(OTHER)?.applicationIds).toEqual(['11', '12']);
  });

  it('takes back what was done, last first, where the group to be joined is gone', async () => {
    const world = laneOf({}, { id: OTHER, name: 'Annex' }, { id: THIRD, name: 'Yard', applicationIds: ['13'] });
    const { finish, outcome } = await leave(world, {
      writes: [
        updating({ ...groupIn(world, OTHER), applicationIds: ['11'] }, { deletedApps: ['11'] }),
        updating({ ...groupIn(world, THIRD), applicationIds: ['12', '13'] }, { deletedApps: ['12'] }),
        updating(groupIn(world), { addedApps: ['11', '12'] }),
      ],
      intent: { cursor: 1 },
    });
    world.tenant.groups.delete(GROUP);
    await finish();
    expect(await outcome()).toMatchObject({
      code: 'group-not-found',
      zpaError: { code: 'not-found', class: 'permanent', scope: 'change', effect: 'none' },
    });
    expect(world.tenant.writes).toMatchObject([
      { groupId: THIRD, addedApps: ['12'], deletedApps: [] },
      { groupId: OTHER, addedApps: ['11'], deletedApps: [] },
    ]);
  });
});
