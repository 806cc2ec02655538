import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { spoilDesired } from '../../../fakes/unreadable.ts';
import { createLaggingWorld } from '../lane/lagging-world.ts';
import { createLaneWorld, GROUP, LANE } from '../lane-world.ts';
import { adding, OTHER, refs, update } from '../requests.ts';

const accept = (state: unknown, id = GROUP) => ({ action: 'accept', group: { id }, state });
const recorded = { kind: 'unchanged' };

type World = ReturnType<typeof createLaneWorld>;

/** Gives the source these grants from now on. */
function grant(world: World, narrow: Record<string, unknown> = {}, tenant: Record<string, unknown> = {}) {
  const { name, tenants } = world.ports.configuration;
  const everything = { tenants: ['acme'], groups: ['*'], applications: ['*'] };
  const actions = ['create', 'update', 'delete', 'accept'];
  const grants = [{ ...everything, actions, flags: ['leaveUngrouped', 'takeFromOtherGroups'], ...narrow }];
  world.ports.configuration = configurationSchema.parse({
    name,
    tenants: { acme: { ...tenants.acme, ...tenant } },
    sources: { desk: { system: 'Desk', grants } },
  });
}

function aWorld<W extends World>(world: W): W {
  grant(world);
  world.addGroup({ description: 'north', applicationIds: ['11', '12'] });
  world.addGroup({ id: OTHER, name: 'Annexe' });
  world.addApplications('11', '12', '13');
  return world;
}

const desired = (world: World, id = GROUP) => world.ledger.readDesired(LANE, id);
const whole = { name: 'Warehouse', description: 'north', enabled: false, applications: { exactly: refs('11', '12') } };

describe('an accept', () => {
  it('makes the live state the desired one, and writes nothing', async () => {
    const world = aWorld(createLaneWorld());
    expect(await world.play(accept(whole))).toMatchObject(recorded);
    expect(world.tenant.writes).toEqual([]);
    expect(await desired(world)).toMatchObject({
      name: { value: 'Warehouse', key: 'T-1' },
      description: { value: 'north' },
      enabled: { value: false },
      members: { 11: [1, 1], 12: [1, 1] },
      complete: 1,
    });
  });

  it('reads the group alone: no rules, no names, and no application that is a member', async () => {
    const world = aWorld(createLaneWorld({ reach: 'always' }));
    grant(world, {}, { reach: 'always' });
    await world.play(accept(whole));
    expect(world.tenant.calls.map(({ method }) => method)).toEqual(['getGroup']);
  });

  it('of what is no longer so is rejected, and nothing becomes desired', async () => {
    const world = aWorld(createLaneWorld());
    const outcome = await world.play(accept({ description: 'south', applications: { exactly: refs('11') } }));
    expect(outcome).toMatchObject({
      code: 'precondition-failed',
      details: {
        differences: [
          { field: 'description', expected: 'south', found: 'north' },
          { field: 'applications.exactly', expected: 'no other member', found: '12' },
        ],
      },
    });
    expect([world.tenant.writes, await desired(world)]).toEqual([[], undefined]);
  });

  it('waits for the changes of its group before it, and sees what they did', async () => {
    const world = aWorld(createLaneWorld());
    await world.play(adding('13'), accept({ applications: { exactly: refs('11', '12', '13') } }));
    expect(await world.endings()).toEqual(['applied', 'unchanged']);
  });

  it('is not held by a freeze or by plan-only, and waits while its tenant is paused', async () => {
    const world = aWorld(createLaneWorld());
    const freezes = [{ from: '2000-01-01T00:00:00Z', until: '2099-01-01T00:00:00Z' }];
    grant(world, {}, { freezes, mode: 'plan-only' });
    expect(await world.play(accept(whole))).toMatchObject(recorded);
    grant(world, {}, { mode: 'paused' });
    await world.invoke([await world.accept('T-9', accept(whole))]);
    expect(await world.outcome('T-9')).toBeUndefined();
  });
});

describe('an accept of an absence', () => {
  it('ends what tickets approved, and a group that lives on is alive again once it is accepted', async () => {
    const world = aWorld(createLaneWorld());
    await world.play(update(GROUP, { set: { enabled: true } }));
    const group = world.group();
    world.tenant.groups.delete(GROUP);
    await world.clock.advance(120_000);
    expect(await world.play(accept('absent'))).toMatchObject(recorded);
    expect(await desired(world)).toMatchObject({ deleted: { key: 'T-2', sequence: 2 }, last: { sequence: 2 } });
    if (group !== undefined) world.tenant.groups.set(GROUP, group);
    await world.clock.advance(120_000);
    await world.play(accept({ enabled: true }));
    expect(await desired(world)).toMatchObject({ deleted: { sequence: 2 }, last: { sequence: 3 } });
  });

  it('is not believed of a replica that lags behind the creation', async () => {
    const world = aWorld(createLaggingWorld());
    world.keep();
    await world.play({ action: 'create', group: { name: 'Depot' } });
    world.lag(5000, 'getGroup');
    await world.play(accept('absent', world.idOf('Depot')));
    expect(await world.endings()).toEqual(['applied', 'precondition-failed']);
  });

  it('is rejected for a group of which no ticket knows', async () => {
    const world = aWorld(createLaneWorld());
    expect(await world.play(accept('absent', '999'))).toMatchObject({ code: 'group-not-found' });
    expect(await desired(world, '999')).toBeUndefined();
  });
});

describe('a source may not accept', () => {
  const refused = { code: 'not-permitted' };

  it('without a grant of its own, which no other action includes', async () => {
    const world = aWorld(createLaneWorld());
    grant(world, { actions: ['create', 'update', 'delete'] });
    expect(await world.play(accept(whole))).toMatchObject(refused);
  });

  it('a group whose name its grants do not cover, now or as tickets called it', async () => {
    const world = aWorld(createLaneWorld());
    await world.play(update(GROUP, { set: { name: 'Finance' } }));
    world.tenant.edit(GROUP, { name: 'Web' });
    await world.clock.advance(120_000);
    grant(world, { groups: ['Web'] });
    await world.play(accept({ name: 'Web' }));
    expect(await world.outcome('T-2')).toMatchObject(refused);
    grant(world, { groups: ['Finance'] });
    await world.play(accept({ enabled: false }));
    world.tenant.groups.delete(GROUP);
    await world.clock.advance(120_000);
    grant(world, { groups: ['Web'] });
    await world.play(accept('absent'));
    expect((await world.endings()).slice(1)).toEqual(['not-permitted', 'not-permitted', 'not-permitted']);
  });

  it('a group of which nobody can read how tickets called it', async () => {
    const world = aWorld(createLaneWorld());
    await world.play(update(GROUP, { set: { name: 'Finance' } }));
    world.tenant.edit(GROUP, { name: 'Web' });
    await world.clock.advance(120_000);
    grant(world, { groups: ['Web'] });
    spoilDesired(world.ledger, GROUP);
    await world.play(accept({ name: 'Web' }));
    expect(await world.outcome('T-2')).toMatchObject(refused);
  });

  it('an application that its grants do not cover, though it is a member', async () => {
    const world = aWorld(createLaneWorld());
    world.tenant.applications.set('12', { id: '12', name: 'Salaries' });
    grant(world, { applications: ['app-*'] });
    await world.play(
      accept({ applications: { has: refs('11') } }),
      accept({ applications: { has: refs('12') } }),
      accept({ applications: { exactly: refs('11', '12') } }),
      accept({ applications: { exactly: refs('11') } }),
      accept({ applications: { hasNot: refs('13') } }),
    );
    const no = 'not-permitted';
    expect(await world.endings()).toEqual(['unchanged', no, no, no, 'unchanged']);
  });

  it('nothing else: the loss of a member that its grants cover is accepted', async () => {
    const world = aWorld(createLaneWorld());
    await world.play(adding('13'));
    world.tenant.edit(GROUP, { applicationIds: ['11', '12'] });
    await world.clock.advance(120_000);
    grant(world, { applications: ['app-*'] });
    await world.play(accept({ applications: { exactly: refs('11', '12') } }));
    expect(await world.endings()).toEqual(['applied', 'unchanged']);
    expect((await desired(world))?.members).toEqual({ 11: [1, 2], 12: [1, 2] });
  });

  it('the loss of a member that its grants do not cover', async () => {
    const world = aWorld(createLaneWorld());
    world.tenant.applications.set('13', { id: '13', name: 'Salaries' });
    await world.play(adding('13'));
    world.tenant.edit(GROUP, { applicationIds: ['11', '12'] });
    await world.clock.advance(120_000);
    grant(world, { applications: ['app-*'] });
    await world.play(accept({ applications: { exactly: refs('11', '12') } }));
    await world.play(accept({ applications: { hasNot: refs('13') } }));
    expect(await world.endings()).toEqual(['applied', 'not-permitted', 'not-permitted']);
    expect(await desired(world)).toMatchObject({ members: { 13: [1, 1] } });
  });

  it('a member that tickets approved into a group that its grants do not cover', async () => {
    const world = aWorld(createLaneWorld());
    await world.play(update(OTHER, { applications: { add: refs('13') } }));
    world.tenant.edit(OTHER, { applicationIds: [] });
    world.tenant.edit(GROUP, { applicationIds: ['11', '12', '13'] });
    await world.clock.advance(120_000);
    const before = await desired(world, OTHER);
    grant(world, { groups: ['Warehouse'] });
    await world.play(accept({ applications: { has: refs('13') } }));
    grant(world);
    await world.play(accept({ applications: { has: refs('13') } }));
    expect(await world.endings()).toEqual(['applied', 'not-permitted', 'unchanged']);
    expect(await desired(world, OTHER)).toEqual(before);
  });
});
