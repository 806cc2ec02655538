import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { createLaneWorld, GROUP, LANE } from '../lane-world.ts';
import { adding, refs, update } from '../requests.ts';

/** A change that finds nothing to end has its absence approved, so it needs what an accept of the absence needs. */

type World = ReturnType<typeof createLaneWorld>;

/** Gives the source a grant for these groups, and the tenant these guards, from now on. */
function allow(world: World, groups: string[], guards: Record<string, unknown> = {}, microtenants?: string[]) {
  const { name, tenants } = world.ports.configuration;
  const actions = ['create', 'update', 'delete', 'accept'];
  const where = { tenants: ['acme'], microtenants };
  const grants = [{ ...where, groups, applications: ['*'], actions, flags: ['leaveUngrouped'] }];
  world.ports.configuration = configurationSchema.parse({
    name,
    tenants: {
      acme: { ...tenants.acme, guards, reach: 'always', ...(microtenants && { microtenants: { emea: '77' } }) },
    },
    sources: { desk: { system: 'Desk', grants } },
  });
}

/** Tickets know the group and the application segment 13 in it; then somebody deletes one of them in the console. */
async function afterDeletionOf(what: 'the group' | 'the application', named = true) {
  const world = createLaneWorld();
  world.addGroup({ applicationIds: ['11'] });
  world.addApplications('11', '13');
  await world.play(
    named ? update(GROUP, { set: { description: 'x' }, applications: { add: refs('13') } }) : adding('13'),
  );
  if (what === 'the group') world.tenant.groups.delete(GROUP);
  else {
    world.tenant.edit(GROUP, { applicationIds: ['11'] });
    world.tenant.applications.delete('13');
  }
  await world.clock.advance(120_000);
  return world;
}

const removing = update(GROUP, { applications: { remove: refs('13') }, leaveUngrouped: true });
const deleting = (group: Record<string, string>) => ({ action: 'delete', group });
const unfound = async (world: World) => (await world.ledger.readDesired(LANE, GROUP))?.unfound;

const cases = [
  ['the group', deleting({ id: GROUP }), 'group-not-found', { exists: 2 }],
  ['the application', removing, 'application-not-found', { 13: 2 }],
] as const;

describe.each(cases)('a change that would end %s, which is gone', (what, change, code, sought) => {
  it('is remembered for a source that may change the group', async () => {
    const world = await afterDeletionOf(what);
    allow(world, ['Ware*']);
    await world.play(change);
    expect([await world.endings('T-2'), await unfound(world)]).toEqual([[code], sought]);
  });

  it('is not permitted to a source whose grants do not cover the group, and nothing is remembered', async () => {
    const world = await afterDeletionOf(what);
    allow(world, ['Web']);
    await world.play(change);
    expect([await world.endings('T-2'), await unfound(world)]).toEqual([['not-permitted'], undefined]);
  });

  it('is not found by a source of another microtenant, and nothing is remembered', async () => {
    const world = await afterDeletionOf(what);
    allow(world, ['*'], {}, ['emea']);
    await world.play({ ...change, microtenant: 'emea' });
    expect([await world.endings('T-2'), await unfound(world)]).toEqual([[code], undefined]);
  });

  it.each([
    { protectedGroups: [{ groups: ['Warehouse'] }] },
    { rules: [{ rules: ['*'], groups: ['Ware*'], response: 'second-approver' }] },
  ])('is refused by guards of the group: %j', async (guards) => {
    const world = await afterDeletionOf(what);
    allow(world, ['*'], guards);
    await world.play(change);
    expect([await world.endings('T-2'), await unfound(world)]).toEqual([['guarded'], undefined]);
  });
});

it('a protected group that is gone is not sought by its name either', async () => {
  const world = await afterDeletionOf('the group');
  allow(world, ['*'], { protectedGroups: [{ groups: ['Warehouse'] }] });
  await world.play(deleting({ name: 'Warehouse' }));
  expect([await world.endings('T-2'), await unfound(world)]).toEqual([['guarded'], undefined]);
});

it.each([
  [
    'the group, where the group to move its members to',
    { ...deleting({ id: GROUP }), moveApplicationsTo: { id: '999' } },
    'group-not-found',
  ],
  [
    'an application, where another one',
    update(GROUP, { applications: { add: refs('404'), remove: refs('13') }, leaveUngrouped: true }),
    'application-not-found',
  ],
])('a change that would end %s is not found, ends nothing that ZPA has', async (_, change, code) => {
  const world = createLaneWorld();
  world.addGroup({ applicationIds: ['11'] });
  world.addApplications('11', '13');
  await world.play(adding('13'));
  allow(world, ['*'], { protectedGroups: [{ groups: ['Warehouse'] }] });
  const source = world.ports.configuration.sources.desk;
  if (source?.grants[0] !== undefined) source.grants[0].flags.push('moveApplicationsTo');
  await world.play(change);
  expect([await world.endings('T-2'), await unfound(world)]).toEqual([[code], undefined]);
});

it('a group of which no ticket knows is not found, whatever the grants', async () => {
  const world = createLaneWorld();
  allow(world, ['Web']);
  await world.play(deleting({ id: '999' }));
  expect(await world.endings()).toEqual(['group-not-found']);
});
