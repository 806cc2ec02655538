import { describe, expect, it } from 'vitest';
import type { Rejection } from '../../../../shared/domain/outcome/outcome.ts';
import { anApplied } from '../../../fakes/records.ts';
import { wrapZpa } from '../interfere.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { emptying, OTHER, THIRD } from '../requests.ts';
import { anEnding, groupIn, KNOWING, laneOf, leave, moveOf, updating, watch, wroteAs } from './found-intent.ts';

const idsFrom = (count: number) => Array.from({ length: count }, (_, n) => `${n + 100}`);
const annex = { id: OTHER, name: 'Annex', applicationIds: ['12'] };

describe('the second write of a move, found in doubt,', () => {
  const build = () => laneOf({ applicationIds: ['10'] }, annex, { id: THIRD, name: 'Yard' });
  const move = (world: LaneWorld) => ({
    writes: moveOf(world, ['11']),
    intent: { cursor: 1, unanswered: 'timeout', openSince: world.clock.now() - 80_000 },
    members: [{ ending: anEnding({ effect: { ...anApplied().effect, groupId: GROUP, moves: [] } }) }],
  });

  it('of a group that is no longer there is for people to decide', async () => {
    const world = build();
    const { ends } = await leave(world, move(world));
    world.tenant.groups.delete(GROUP);
    expect(await ends()).toMatchObject({
      code: 'outcome-unknown',
      details: { live: null, move: 'write 2 of 2', mayBeUngrouped: ['11'] },
    });
    expect(world.tenant.writes).toEqual([]);
  });

  it('is sent on top of an edit, and both groups are read back', async () => {
    const world = build();
    const { ends } = await leave(world, move(world));
    world.tenant.edit(GROUP, { description: 'by hand' });
    watch(world, (method) => {
      // Somebody edits the left group after our write and before our read.
      if (method === 'getGroup' && world.tenant.writes.length > 0) world.tenant.edit(OTHER, { enabled: true });
    });
    expect(await ends()).toMatchObject({ kind: 'applied', overtaken: [{ field: `enabled of ${OTHER}` }] });
    expect(world.tenant.writes).toMatchObject([{ groupId: GROUP, addedApps: ['11'], deletedApps: [] }]);
  });

  it.each<[string, (world: LaneWorld) => void]>([
    ['our own stamp says that it arrived', (world) => wroteAs(world, GROUP, { description: 'by hand, at once' })],
    [
      'its application is in another group',
      ({ tenant }) => {
        tenant.edit(GROUP, { description: 'by hand' });
        tenant.edit(THIRD, { applicationIds: ['11'] });
      },
    ],
  ])('is not sent again where %s', async (_, meanwhile) => {
    const world = build();
    const { ends } = await leave(world, { ...move(world), lane: KNOWING });
    meanwhile(world);
    expect(await ends()).toMatchObject({ code: 'outcome-unknown' });
    expect(world.tenant.writes).toEqual([]);
  });

  it('says since when its application was in no group, if it was done', async () => {
    const world = build();
    const { ends } = await leave(world, move(world));
    wroteAs(world, GROUP, { applicationIds: ['10', '11'] });
    expect(await ends()).toMatchObject({ kind: 'applied', effect: { ungroupedMs: 80_000 } });
  });

  it('counts from when its first write was found to be done, if that had no answer', async () => {
    const world = build();
    const { writes, members } = move(world);
    const spent = Array.from({ length: 10 }, () => world.clock.now() - 4000);
    const { ends } = await leave(world, {
      ...{ writes, members, lane: { budget: { reads: [], writes: spent, notBefore: 0 } } },
    });
    expect(await ends()).toMatchObject({ kind: 'applied', effect: { ungroupedMs: 6001 } });
  });

  it('and certainly not sent goes on top of what somebody edited meanwhile, fields and all', async () => {
    const world = build();
    const { ends } = await leave(world, {
      writes: moveOf(world, ['11'], { enabled: true }),
      intent: { cursor: 1, sendBefore: 0, openSince: world.clock.now() - 5000 },
      lane: KNOWING,
    });
    world.tenant.edit(GROUP, { description: 'by hand' });
    expect(await ends()).toMatchObject({ kind: 'applied' });
    const fields = { description: 'by hand', enabled: true };
    expect(world.tenant.writes).toMatchObject([{ groupId: GROUP, addedApps: ['11'], fields }]);
  });
});

describe('the rest of a move that goes on', () => {
  const deleting = (world: LaneWorld, over: object = {}) => ({
    writes: [
      updating({ ...groupIn(world, OTHER), applicationIds: ['11'] }, { deletedApps: ['11'] }),
      updating({ ...groupIn(world), applicationIds: [] }, { addedApps: ['11'] }),
      { write: { kind: 'delete' as const, groupId: OTHER, microtenantId: '0' }, before: groupIn(world, OTHER) },
    ],
    members: [
      {
        request: emptying(GROUP),
        ending: anEnding({ effect: { ...anApplied().effect, groupId: OTHER, after: null, moves: [] } }),
      },
    ],
    intent: { cursor: 2, sendBefore: 0, openSince: world.clock.now() - 100_000, ...over },
  });
  const build = () => laneOf({ applicationIds: ['11'] }, { id: OTHER, name: 'Annex' });

  it('looks into all rules again before a delete that was not done', async () => {
    const world = build();
    const { ends } = await leave(world, deleting(world, { sendBefore: 1 }));
    const rule = { policyType: 'ACCESS_POLICY', ruleId: '1', ruleName: 'New', ruleOrder: '1', action: 'ALLOW' };
    world.tenant.rules.push({ ...rule, microtenantId: '0' });
    const params = ['policy rule "New" names the segment group now'];
    expect(await ends()).toMatchObject({
      code: 'group-in-use',
      zpaError: { class: 'permanent', scope: 'change', effect: 'none', params },
    });
    expect(world.group(OTHER)).toBeDefined();
  });

  it('does not count its scan of the rules as time between the read of a group and its delete', async () => {
    const world = build();
    const started = world.clock.now();
    const lane = { budget: { reads: [], writes: Array.from({ length: 9 }, () => started), notBefore: 0 } };
    const { finish, session, invocation } = await leave(world, { ...deleting(world), lane });
    wrapZpa(world, (zpa) => ({
      async listRules(options) {
        await world.clock.sleep(5000, options?.signal);
        return zpa.listRules(options);
      },
    }));
    await finish();
    await session.waitForBudget(invocation.signal, { reads: 1, writes: 1 });
    expect(world.clock.now() - started).toBe(10_001);
  });

  it.each([1, 2])('takes a delete that somebody else has done for done, at write %i of three', async (cursor) => {
    const world = build();
    const { ends } = await leave(world, deleting(world, { cursor }));
    world.tenant.groups.delete(OTHER);
    expect(await ends()).toMatchObject({ kind: 'applied', effect: { ungroupedMs: 100_000 } });
    expect(world.tenant.writes).toEqual([]);
  });

  it('does not delete a group that an application joined meanwhile', async () => {
    const world = build();
    const { ends } = await leave(world, deleting(world, { cursor: 1 }));
    world.tenant.edit(OTHER, { applicationIds: ['12'] });
    expect(await ends()).toMatchObject({ code: 'group-not-empty' });
    expect(world.group(OTHER)?.applicationIds).toEqual(['11', '12']);
  });

  it('takes back what was done, last first, where the group to be joined is gone', async () => {
    const world = laneOf({}, { ...annex, applicationIds: [] }, { id: THIRD, name: 'Yard', applicationIds: ['13'] });
    const [first, second] = [moveOf(world, ['11']), moveOf(world, ['12'], { from: THIRD })].map(([left]) => left);
    if (first === undefined || second === undefined) throw new Error('two are left');
    const { ends } = await leave(world, {
      writes: [first, second, updating(groupIn(world), { addedApps: ['11', '12'] })],
      intent: { cursor: 1 },
    });
    world.tenant.groups.delete(GROUP);
    expect(await ends()).toMatchObject({
      code: 'group-not-found',
      zpaError: { code: 'not-found', class: 'permanent', scope: 'change', effect: 'none' },
    });
    expect(world.tenant.writes).toMatchObject([
      { groupId: THIRD, addedApps: ['12'], deletedApps: [] },
      { groupId: OTHER, addedApps: ['11'], deletedApps: [] },
    ]);
  });
});

describe('a taking back that ZPA said yes to', () => {
  const takingBack: Rejection = {
    kind: 'rejected',
    code: 'zpa-refused',
    sentence: 'ZPA refused it',
    remedy: 'Mend it.',
  };

  it.each([
    ['does not show is said: the application is in no group', false],
    ['shows says no more than why', true],
  ])('and that %s', async (_, shows) => {
    const world = laneOf({ applicationIds: [] }, annex);
    const { ends, lane } = await leave(world, {
      writes: [updating(groupIn(world, OTHER), { addedApps: ['11'] }), updating(groupIn(world), { addedApps: ['13'] })],
      intent: { cursor: 2, sendBefore: 0, takingBack, ...(!shows && { lookedAt: world.clock.now() - 60_000 }) },
      lane: KNOWING,
    });
    wroteAs(world, OTHER, shows ? { applicationIds: ['11', '12'] } : {});
    wroteAs(world, GROUP, { applicationIds: ['13'] });
    const unshown = 'ZPA accepted undoing it, and 1 application segment does not show where it was';
    const outcome = await ends();
    expect(outcome).toMatchObject(
      shows
        ? { sentence: 'ZPA refused it', remedy: 'Mend it.' }
        : { code: 'zpa-refused', sentence: `ZPA refused it; ${unshown}`, details: { applications: ['11'] } },
    );
    expect(outcome).not.toHaveProperty('details.fields');
    expect([world.meter.total('LeftUngrouped'), lane().learned]).toEqual([shows ? 0 : 1, KNOWING.learned]);
  });

  it.each([
    ['alone', [], '', {}],
    [
      'with the applications',
      idsFrom(101),
      '101 application segments do not show where they were and ',
      { applications: idsFrom(100), putBackInto: { [OTHER]: idsFrom(100) } },
    ],
  ])('and whose fields do not show is said with their values, %s', async (_, addedApps, lost, more) => {
    const world = laneOf({ applicationIds: [] }, annex);
    const written = { ...groupIn(world, OTHER), description: 'north' };
    const { description } = groupIn(world, OTHER);
    const inverse = updating(written, { fields: { description }, addedApps });
    const { ends } = await leave(world, {
      writes: [inverse, updating(groupIn(world), { addedApps: ['13'] })],
      intent: { cursor: 2, sendBefore: 0, takingBack, lookedAt: world.clock.now() - 60_000 },
      lane: KNOWING,
    });
    wroteAs(world, OTHER, { description: 'north' });
    wroteAs(world, GROUP, { applicationIds: ['13'] });
    const unshown = `ZPA accepted undoing it, and ${lost}segment group ${OTHER} keeps its new description`;
    expect(await ends()).toMatchObject({ sentence: `ZPA refused it; ${unshown}` });
    expect(await ends()).toHaveProperty('details', { fields: { [OTHER]: { description: 'north' } }, ...more });
  });

  it('and shows in one of two groups only is said, though no application is missing', async () => {
    const world = laneOf({ applicationIds: [] }, { ...annex, applicationIds: ['11', '12'] });
    const { ends } = await leave(world, {
      writes: [
        updating(groupIn(world, OTHER), { deletedApps: ['11'] }),
        updating(groupIn(world), { addedApps: ['11'] }),
      ],
      intent: { cursor: 2, sendBefore: 0, takingBack, lookedAt: world.clock.now() - 60_000 },
      lane: KNOWING,
    });
    wroteAs(world, OTHER, {});
    wroteAs(world, GROUP, { applicationIds: ['11'] });
    const sentence = 'ZPA refused it; ZPA accepted undoing it, and that does not show';
    expect(await ends()).toMatchObject({ code: 'zpa-refused', sentence });
    expect(world.meter.total('LeftUngrouped')).toBe(0);
  });

  it('and does not show is said of a group, too, that somebody has deleted by now', async () => {
    const world = laneOf({ applicationIds: [] }, annex);
    const { ends } = await leave(world, {
      writes: [updating(groupIn(world, OTHER), { addedApps: ['11'] }), updating(groupIn(world), { addedApps: ['13'] })],
      intent: { cursor: 2, sendBefore: 0, takingBack, lookedAt: world.clock.now() - 60_000 },
      lane: KNOWING,
    });
    world.tenant.groups.delete(OTHER);
    wroteAs(world, GROUP, {});
    expect(await ends()).toMatchObject({ code: 'zpa-refused', details: { applications: ['11', '13'] } });
    expect(world.meter.total('LeftUngrouped')).toBe(2);
  });
});
