import { describe, expect, it } from 'vitest';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

const OTHER = '72057594037930002';
const THIRD = '72057594037930003';
const taking = (...ids: string[]) => ({
  action: 'update',
  group: { id: GROUP },
  applications: { add: ids.map((id) => ({ id })) },
  takeFromOtherGroups: true,
});
const lost = aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' });

function build(): LaneWorld {
  const world = createLaneWorld();
  world.addGroup({ applicationIds: ['10'] });
  world.addGroup({ id: OTHER, name: 'Annex', applicationIds: ['11', '12'] });
  world.addGroup({ id: THIRD, name: 'Yard' });
  world.addApplications('10', '11', '12');
  return world;
}

const membersOf = (world: LaneWorld, id: string) => world.tenant.groups.get(id)?.applicationIds;
const outcomeOf = async (world: LaneWorld, key: string) => (await world.read(key)).outcome;
/** Fails the n-th write, by default without effect. */
function failWrite(world: LaneWorld, failing: number[], fault = aFault(), effect: 'before' | 'after' = 'before') {
  let writes = 0;
  world.tenant.interfere = (method) => {
    if (method !== 'write') return undefined;
    writes += 1;
    return failing.includes(writes) ? { fault, effect } : undefined;
  };
}

describe('a move', () => {
  it('takes an application out of its group, then adds it, and says how long it was without one', async () => {
    const world = build();
    expect(await world.invoke([await world.accept('T-1', taking('11'))])).toEqual([]);
    expect(membersOf(world, GROUP)).toEqual(['10', '11']);
    expect(membersOf(world, OTHER)).toEqual(['12']);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({
      kind: 'applied',
      overtaken: [],
      effect: {
        added: ['11'],
        moves: [{ from: { id: OTHER, name: 'Annex' }, applicationIds: ['11'] }],
        ungroupedMs: 0,
      },
    });
    expect(world.tenant.writes.map((w) => (w.kind === 'update' ? w.groupId : w.kind))).toEqual([OTHER, GROUP]);
    expect((await world.ledger.readDesired(LANE, OTHER))?.members).toEqual({ '11': [0, 1] });
    expect((await world.ledger.readDesired(LANE, GROUP))?.members).toEqual({ '11': [1, 1] });
  });

  it('sends what leaves a group to another one', async () => {
    const world = build();
    const change = { action: 'update', group: { id: OTHER }, applications: { replace: [] }, moveTo: { name: 'Yard' } };
    await world.invoke([await world.accept('T-1', change)]);
    expect(membersOf(world, OTHER)).toEqual([]);
    expect(membersOf(world, THIRD)).toEqual(['11', '12']);
    expect((await outcomeOf(world, 'T-1'))?.kind).toBe('applied');
  });

  it('empties a group before it is deleted', async () => {
    const world = build();
    const change = { action: 'delete', group: { id: OTHER }, moveApplicationsTo: { id: THIRD } };
    await world.invoke([await world.accept('T-1', change)]);
    expect(world.tenant.groups.has(OTHER)).toBe(false);
    expect(membersOf(world, THIRD)).toEqual(['11', '12']);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({ kind: 'applied', approved: { deleted: true } });
  });

  it('is refused where an end is read-only, missing, the group itself, or in another microtenant', async () => {
    const cases: [string, Record<string, unknown>][] = [
      ['group-read-only', taking('99')],
      ['group-not-found', { ...taking('10'), applications: { remove: [{ id: '10' }] }, moveTo: { name: 'Nowhere' } }],
      ['invalid-change', { ...taking('10'), applications: { remove: [{ id: '10' }] }, moveTo: { id: GROUP } }],
      ['application-in-other-group', taking('77')],
    ];
    for (const [code, change] of cases) {
      const world = build();
      world.addGroup({ id: '600', name: 'Managed', readOnly: true, applicationIds: ['99'] });
      world.addGroup({ id: '601', name: 'Elsewhere', microtenantId: '5', applicationIds: ['77'] });
      world.addApplications('99', '77');
      await world.invoke([await world.accept('T-1', change)]);
      expect(await outcomeOf(world, 'T-1')).toMatchObject({ kind: 'rejected', code });
      expect(world.tenant.writes).toHaveLength(0);
    }
  });

  it('is put back when the second write is refused', async () => {
    const world = build();
    failWrite(world, [2], aFault({ reason: 'applications are not valid' }));
    await world.invoke([await world.accept('T-1', taking('11'))]);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({ kind: 'rejected', code: 'zpa-refused' });
    expect(membersOf(world, OTHER)).toEqual(['11', '12']);
    expect(membersOf(world, GROUP)).toEqual(['10']);
    expect((await world.ledger.readLane(LANE)).intent).toBeUndefined();
  });

  it('is put back on top of what somebody edited meanwhile', async () => {
    const world = build();
    let writes = 0;
    world.tenant.interfere = (method) => {
      if (method !== 'write') return undefined;
      writes += 1;
      if (writes !== 2) return undefined;
      world.addGroup({ id: OTHER, name: 'Annex', description: 'by hand', applicationIds: ['12'] });
      return { fault: aFault({ reason: 'applications are not valid' }), effect: 'before' };
    };
    await world.invoke([await world.accept('T-1', taking('11'))]);
    expect((await outcomeOf(world, 'T-1'))?.kind).toBe('rejected');
    expect(world.tenant.groups.get(OTHER)).toMatchObject({ description: 'by hand', applicationIds: ['11', '12'] });
  });

  it('says loudly which applications are left without a group when even that is refused', async () => {
    const world = build();
    failWrite(world, [2, 3]);
    await world.invoke([await world.accept('T-1', taking('11'))]);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({
      kind: 'rejected',
      sentence: expect.stringContaining('are in no group'),
      details: { applications: ['11'] },
    });
    expect(world.meter.total('LeftUngrouped')).toBe(1);
  });

  it('says where the applications are when nothing of it can be taken back', async () => {
    const world = build();
    failWrite(world, [3, 4], aFault({ code: 'referenced', params: ['Application'] }));
    const moving = { action: 'delete', group: { id: OTHER }, moveApplicationsTo: { id: THIRD } };
    await world.invoke([await world.accept('T-1', moving)]);
    const outcome = await outcomeOf(world, 'T-1');
    expect(outcome).toMatchObject({
      kind: 'rejected',
      sentence: expect.stringContaining('2 application segments stay'),
    });
    expect(outcome).toMatchObject({ details: { staying: { [THIRD]: ['11', '12'] } } });
    expect(outcome).not.toHaveProperty('details.applications');
    expect(world.meter.total('LeftUngrouped')).toBe(0);
    expect(membersOf(world, THIRD)).toEqual(['11', '12']);
  });

  it('goes on where it was when the second write is held up, and nothing else is done in between', async () => {
    const faults = [
      aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', status: 429, retryAfterMs: 4000 }),
      aFault({ code: 'unreachable', class: 'transient', scope: 'tenant' }),
      lost,
    ];
    for (const fault of faults) {
      const world = build();
      failWrite(world, [2], fault);
      const other = { action: 'update', group: { id: THIRD }, set: { name: 'Court' } };
      const changes = [await world.accept('T-1', taking('11')), await world.accept('T-2', other)];
      await world.settle(changes);
      expect((await outcomeOf(world, 'T-1'))?.kind).toBe('applied');
      const order = world.tenant.writes.map((w) => (w.kind === 'update' ? w.groupId : w.kind));
      expect(order).toEqual([OTHER, GROUP, THIRD]);
    }
  });

  it('recognises that the unanswered second write took effect', async () => {
    const world = build();
    failWrite(world, [2], lost, 'after');
    await world.settle([await world.accept('T-1', taking('11'))]);
    expect((await outcomeOf(world, 'T-1'))?.kind).toBe('applied');
    expect(world.tenant.writes).toHaveLength(2);
  });

  it('is finished on top of an edit somebody made meanwhile', async () => {
    const world = build();
    failWrite(world, [2], lost);
    const change = await world.accept('T-1', taking('11'));
    await world.invoke([change]);
    world.tenant.edit(GROUP, { description: 'by hand' });
    await world.clock.advance(120_000);
    await world.settle([change]);
    expect((await outcomeOf(world, 'T-1'))?.kind).toBe('applied');
    expect(world.tenant.groups.get(GROUP)).toMatchObject({ description: 'by hand', applicationIds: ['10', '11'] });
  });

  it('whose second write was undone by somebody before it was judged is not written again', async () => {
    const world = build();
    world.addGroup({ applicationIds: ['10'], modifiedBy: '216196257331300001', modifiedTime: 1_700_000_000 });
    failWrite(world, [2], lost, 'after');
    const change = await world.accept('T-1', taking('11'));
    await world.invoke([change]);
    world.tenant.edit(GROUP, { applicationIds: ['10'] });
    await world.clock.advance(120_000);
    await world.settle([change]);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({
      kind: 'rejected',
      code: 'outcome-unknown',
      details: { move: 'write 2 of 2', mayBeUngrouped: ['11'] },
    });
    expect(world.meter.total('LeftUngrouped')).toBe(1);
    expect(world.tenant.writes).toHaveLength(2);
  });

  it('whose application somebody has put elsewhere is not written again, whatever else was edited', async () => {
    const world = build();
    failWrite(world, [2], lost, 'after');
    const change = await world.accept('T-1', taking('11'));
    await world.invoke([change]);
    world.tenant.edit(GROUP, { applicationIds: [] });
    world.tenant.edit(THIRD, { applicationIds: ['11'] });
    await world.clock.advance(120_000);
    await world.settle([change]);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({ kind: 'rejected', code: 'outcome-unknown' });
    expect(world.tenant.writes).toHaveLength(2);
    expect(membersOf(world, THIRD)).toEqual(['11']);
  });

  it('never joins another step, and nothing passes it', async () => {
    const world = build();
    world.addApplications('13', '14');
    const adding = (id: string) => ({ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } });
    const changes = [
      await world.accept('T-1', adding('13')),
      await world.accept('T-2', taking('11')),
      await world.accept('T-3', adding('14')),
    ];
    await world.settle(changes);
    expect(world.tenant.writes).toHaveLength(4);
    expect(membersOf(world, GROUP)).toEqual(['10', '11', '13', '14']);
  });
});

describe('a move that goes on after a pause', () => {
  it('writes what it names on top of edits made meanwhile, in every group', async () => {
    const world = build();
    failWrite(world, [1], lost, 'after');
    const change = await world.accept('T-1', taking('11'));
    await world.invoke([change]);
    world.tenant.edit(GROUP, { description: 'by hand', enabled: true });
    await world.clock.advance(120_000);
    await world.settle([change]);
    expect((await outcomeOf(world, 'T-1'))?.kind).toBe('applied');
    expect(world.tenant.groups.get(GROUP)).toMatchObject({
      description: 'by hand',
      enabled: true,
      applicationIds: ['10', '11'],
    });
  });

  it('leaves alone what somebody else has done already', async () => {
    const world = build();
    failWrite(world, [1], lost, 'after');
    const change = await world.accept('T-1', taking('11'));
    await world.invoke([change]);
    world.tenant.edit(GROUP, { applicationIds: ['10', '11'] });
    await world.clock.advance(120_000);
    await world.settle([change]);
    expect((await outcomeOf(world, 'T-1'))?.kind).toBe('applied');
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('does not delete a group that a rule names by now, and puts its applications back', async () => {
    const world = build();
    failWrite(world, [2], lost, 'after');
    const moving = { action: 'delete', group: { id: OTHER }, moveApplicationsTo: { id: THIRD } };
    const change = await world.accept('T-1', moving);
    await world.invoke([change]);
    const rule = { policyType: 'ACCESS_POLICY', ruleId: '1', ruleName: 'New', ruleOrder: '1', action: 'ALLOW' };
    world.tenant.rules.push({ ...rule, microtenantId: '0' });
    await world.clock.advance(120_000);
    await world.settle([change]);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({ kind: 'rejected', code: 'group-in-use' });
    expect(membersOf(world, OTHER)).toEqual(['11', '12']);
    expect(membersOf(world, THIRD)).toEqual([]);
  });

  it('reads the group to be deleted last, when there is room for its delete', async () => {
    const world = build();
    failWrite(world, [2], lost, 'after');
    const moving = { action: 'delete', group: { id: OTHER }, moveApplicationsTo: { id: THIRD } };
    const change = await world.accept('T-1', moving);
    await world.invoke([change]);
    await world.clock.advance(120_000);
    await world.settle([change]);
    expect((await outcomeOf(world, 'T-1'))?.kind).toBe('applied');
    const methods = world.tenant.calls.map((call) => call.method);
    expect(methods.slice(0, methods.lastIndexOf('write') + 1).slice(-3)).toEqual(['listRules', 'getGroup', 'write']);
  });

  it('deletes the emptied group although its stamps are those of our own write', async () => {
    const world = build();
    world.tenant.edit(OTHER, {});
    failWrite(world, [3], lost);
    const moving = { action: 'delete', group: { id: OTHER }, moveApplicationsTo: { id: THIRD } };
    await world.settle([await world.accept('T-1', moving)]);
    expect((await outcomeOf(world, 'T-1'))?.kind).toBe('applied');
    expect(world.tenant.groups.has(OTHER)).toBe(false);
  });
});
