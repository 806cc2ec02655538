import { describe, expect, it } from 'vitest';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { failWrites, wrapZpa } from '../interfere.ts';
import { GROUP, LANE, type LaneWorld, laneWith } from '../lane-world.ts';
import {
  adding,
  describing,
  emptying,
  LONG_AGO,
  LOST,
  MINUTE,
  OTHER,
  refs,
  THIRD,
  taking,
  UNREACHABLE,
  update,
} from '../requests.ts';
import { COLLEAGUE } from './found-intent.ts';

const build = () =>
  laneWith(
    [
      { applicationIds: ['10'] },
      { id: OTHER, name: 'Annex', applicationIds: ['11', '12'] },
      { id: THIRD, name: 'Yard' },
    ],
    ['10', '11', '12'],
  );

const membersOf = (world: LaneWorld) => [GROUP, OTHER, THIRD].map((id) => world.group(id)?.applicationIds);

/** The change loses the answer to this write; the colleague's edit comes before the next look. */
async function interrupted(
  world: LaneWorld,
  asked: object,
  lost: number,
  effect: 'before' | 'after',
  edit: () => void,
) {
  failWrites(world, lost, LOST, effect);
  const change = await world.accept('T-1', { ...asked });
  await world.invoke([change]);
  edit();
  await world.clock.advance(120_000);
  await world.settle([change]);
  return world.outcome();
}

describe('a move', () => {
  it('takes an application out of its group, then adds it, and says how long it was without one', async () => {
    const world = build();
    const moves = [{ from: { id: OTHER, name: 'Annex' }, applicationIds: ['11'] }];
    expect(await world.play(taking('11'))).toMatchObject({
      ...{ kind: 'applied', overtaken: [], effect: { added: ['11'], moves, ungroupedMs: 0 } },
    });
    expect([membersOf(world), world.written()]).toEqual([
      [['10', '11'], ['12'], []],
      [OTHER, GROUP],
    ]);
    const desired = await Promise.all([OTHER, GROUP].map((id) => world.ledger.readDesired(LANE, id)));
    expect(desired).toMatchObject([{ members: { '11': [0, 1] } }, { members: { '11': [1, 1] } }]);
  });

  it('sends what leaves a group to another one, or empties a group before it is deleted', async () => {
    const leaving = update(OTHER, { applications: { replace: [] }, moveTo: { name: 'Yard' } });
    for (const [asked, left] of [
      [leaving, []],
      [emptying(), undefined],
    ] as const) {
      const world = build();
      expect(await world.play(asked)).toMatchObject({ kind: 'applied', approved: { deleted: left === undefined } });
      expect(membersOf(world)).toEqual([['10'], left, ['11', '12']]);
    }
  });

  it.each<[string, Record<string, unknown>]>([
    ['group-read-only', taking('99')],
    ['group-not-found', update(GROUP, { applications: { remove: refs('10') }, moveTo: { name: 'Nowhere' } })],
    ['invalid-change', update(GROUP, { applications: { remove: refs('10') }, moveTo: { id: GROUP } })],
    ['application-in-other-group', taking('77')],
  ])('is refused with %s: %j', async (code, change) => {
    const world = build();
    world.addGroup({ id: '600', name: 'Managed', readOnly: true, applicationIds: ['99'] });
    world.addGroup({ id: '601', name: 'Elsewhere', microtenantId: '5', applicationIds: ['77'] });
    world.addApplications('99', '77');
    expect(await world.play(change)).toMatchObject({ kind: 'rejected', code });
    expect(world.tenant.writes).toHaveLength(0);
  });

  it('is put back when the second write is refused, on top of what somebody edited meanwhile', async () => {
    const world = build();
    failWrites(world, 2, aFault({ reason: 'not valid' }), 'before', () =>
      world.tenant.edit(OTHER, { description: 'by hand' }),
    );
    expect(await world.play(taking('11'))).toMatchObject({ kind: 'rejected', code: 'zpa-refused' });
    expect([membersOf(world), world.group(OTHER)?.description]).toEqual([[['10'], ['11', '12'], []], 'by hand']);
    expect((await world.lane()).intent).toBeUndefined();
  });

  it('is left to the worker that took the lane meanwhile', async () => {
    const world = build();
    wrapZpa(world, (zpa) => ({
      async write(...args) {
        const answer = await zpa.write(...args);
        const { fence } = await world.lane();
        await world.setLane({ fence: fence + 1, lease: { owner: 'another', until: world.clock.now() + MINUTE } });
        return answer;
      },
    }));
    const [change] = await world.acceptAll(taking('11'));
    if (change !== undefined) await world.invoke([change]);
    expect([world.written(), await world.endings(), world.meter.total('LeftUngrouped')]).toEqual([
      [OTHER],
      ['open'],
      0,
    ]);
    expect(await world.lane()).toMatchObject({ intent: { cursor: 0 }, lease: { owner: 'another' } });
  });

  it('says loudly which applications are left without a group when even that is refused', async () => {
    const world = build();
    failWrites(world, [2, 3], aFault());
    expect(await world.play(taking('11'))).toMatchObject({
      ...{ kind: 'rejected', sentence: expect.stringContaining('1 application segment is in no group') },
      details: { applications: ['11'], putBackInto: { [OTHER]: ['11'] } },
    });
    expect(world.meter.total('LeftUngrouped')).toBe(1);
  });

  it.each([
    aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', status: 429, retryAfterMs: 4000 }),
    UNREACHABLE,
    LOST,
  ])(
    'goes on where it was when the second write is held up, and nothing else is done in between: %j',
    async (fault) => {
      const world = build();
      failWrites(world, 2, fault);
      expect((await world.play(taking('11'), update(THIRD, { set: { name: 'Court' } })))?.kind).toBe('applied');
      expect(world.written()).toEqual([OTHER, GROUP, THIRD]);
    },
  );

  it.each<[string, (world: LaneWorld) => void, string[]]>([
    ['undone by somebody', ({ tenant }) => tenant.edit(GROUP, { applicationIds: ['10'] }), []],
    [
      'undone, and its application put elsewhere',
      ({ tenant }) => {
        tenant.edit(GROUP, { applicationIds: [] });
        tenant.edit(THIRD, { applicationIds: ['11'] });
      },
      ['11'],
    ],
  ])('whose second write was %s before it was judged is not written again', async (_, edit, elsewhere) => {
    const world = build();
    world.addGroup({ applicationIds: ['10'], modifiedBy: COLLEAGUE, modifiedTime: LONG_AGO });
    const outcome = await interrupted(world, taking('11'), 2, 'after', () => edit(world));
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'outcome-unknown' });
    expect([world.written(), membersOf(world)[2]]).toEqual([[OTHER, GROUP], elsewhere]);
  });

  it('never joins another step, and nothing passes it', async () => {
    const world = build();
    world.addApplications('13', '14');
    await world.play(adding('13'), taking('11'), adding('14'));
    expect([world.tenant.writes.length, membersOf(world)[0]]).toEqual([4, ['10', '11', '13', '14']]);
  });
});

describe('a move that goes on after a pause', () => {
  it('writes what it names on top of edits made meanwhile, in every group', async () => {
    const edited = { description: 'by hand', enabled: true };
    for (const lost of [1, 2]) {
      const world = build();
      const edit = () => world.tenant.edit(GROUP, edited);
      const outcome = await interrupted(world, taking('11'), lost, lost === 1 ? 'after' : 'before', edit);
      expect(outcome?.kind).toBe('applied');
      expect(world.group()).toMatchObject({ ...edited, applicationIds: ['10', '11'] });
    }
  });

  it('leaves alone what somebody else has done already', async () => {
    const world = build();
    const edit = () => world.tenant.edit(GROUP, { applicationIds: ['10', '11'] });
    expect((await interrupted(world, taking('11'), 1, 'after', edit))?.kind).toBe('applied');
    expect(world.written()).toEqual([OTHER]);
  });

  it('does not delete a group that a rule names by now, and puts its applications back', async () => {
    const world = build();
    const rule = { policyType: 'ACCESS_POLICY', ruleId: '1', ruleName: 'New', ruleOrder: '1', action: 'ALLOW' };
    const name = () => void world.tenant.rules.push({ ...rule, microtenantId: '0' });
    expect(await interrupted(world, emptying(), 2, 'after', name)).toMatchObject({ code: 'group-in-use' });
    expect(membersOf(world)).toEqual([['10'], ['11', '12'], []]);
  });

  it('reads the group to be deleted last, when there is room for its delete', async () => {
    const world = build();
    expect((await interrupted(world, emptying(), 2, 'after', () => undefined))?.kind).toBe('applied');
    const methods = world.tenant.calls.map((call) => call.method);
    expect(methods.slice(0, methods.lastIndexOf('write') + 1).slice(-3)).toEqual(['listRules', 'getGroup', 'write']);
  });

  it('times its delete from the read of the group on: after a long scan no later change is read early', async () => {
    const world = build();
    wrapZpa(world, (zpa) => ({
      async listRules(...args) {
        const rules = await zpa.listRules(...args);
        await world.clock.sleep(3000);
        return rules;
      },
    }));
    // With the three writes of the move no other one has room.
    await world.setLane({ budget: { reads: [], writes: Array(7).fill(world.clock.now()), notBefore: 0 } });
    expect((await world.play(emptying(), describing()))?.kind).toBe('applied');
    const { calls } = world.tenant;
    const last = calls.findLastIndex(({ method }) => method === 'write');
    expect(world.written()).toHaveLength(4);
    expect(calls[last - 1]).toEqual({ method: 'getGroup', at: calls[last]?.at });
  });

  it('deletes the emptied group although its stamps are those of our own write', async () => {
    const world = build();
    world.tenant.edit(OTHER, {});
    failWrites(world, 3, LOST);
    expect((await world.play(emptying()))?.kind).toBe('applied');
    expect(world.group(OTHER)).toBeUndefined();
  });
});
