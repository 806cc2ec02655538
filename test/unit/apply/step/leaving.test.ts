import { beforeEach, describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { failWrites } from '../interfere.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';
import { OTHER, update } from '../requests.ts';

/** An application that leaves a group without being named must be granted too. */
const EMPTY = update(GROUP, { applications: { replace: [] }, moveTo: { id: OTHER } });

let world: LaneWorld;
beforeEach(() => {
  world = createLaneWorld();
  world.addGroup({ id: OTHER, name: 'Annex' });
  for (const [id, name] of Object.entries({ '11': 'Git server', '12': 'Git web', '13': 'Payroll' }))
    world.tenant.applications.set(id, { id, name });
  const flags = ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'];
  const grant = { tenants: ['acme'], actions: ['update', 'delete'], groups: ['*'], applications: ['Git*'], flags };
  const sources = { desk: { system: 'Desk', grants: [grant] } };
  const { name, tenants } = world.ports.configuration;
  world.ports.configuration = configurationSchema.parse({ name, tenants, sources });
});

describe.each([
  ['an update that replaces the membership', EMPTY],
  ['an update that leaves them without a group', { ...EMPTY, moveTo: undefined, leaveUngrouped: true }],
  ['a delete that moves them on', { action: 'delete', group: { id: GROUP }, moveApplicationsTo: { id: OTHER } }],
])('%s', (_, change) => {
  it.each([
    ['one that leaves is not granted', '13', 'This source may not name or move an application outside its grants.'],
    ['ZPA does not tell the name of one', '404', 'application 404, whose name ZPA does not show'],
  ])('is refused where %s', async (_why, second, sentence) => {
    world.addGroup({ applicationIds: ['11', second] });
    const said = { kind: 'rejected', code: 'not-permitted', sentence: expect.stringContaining(sentence) };
    expect(await world.play(change)).toMatchObject(said);
    expect(world.tenant.writes).toEqual([]);
  });

  it('is applied where all of them are granted', async () => {
    world.addGroup({ applicationIds: ['11', '12'] });
    expect(await world.play(change)).toMatchObject({ kind: 'applied' });
    expect(world.group()?.applicationIds ?? []).toEqual([]);
  });
});

it.each([
  ['is asked for in the grants before the first write is tried again', 1, 'not-permitted', ['11', '13'], []],
  ['stays where it is when the rest of the move is finished', 2, 'applied', ['13'], ['11']],
] as const)('an application that joins the group meanwhile %s', async (_, delayed, ending, own, other) => {
  const busy = {
    code: 'rate-limited',
    class: 'transient',
    scope: 'tenant',
    status: 429,
    retryAfterMs: 60_000,
  } as const;
  failWrites(world, delayed, aFault(busy));
  world.addGroup({ applicationIds: ['11'] });
  const changes = await world.acceptAll(EMPTY);
  await world.invoke(changes);
  // The members that were read would enlarge the lane item, whose size is limited.
  const stored = (await world.lane()).intent?.writes.map(({ before }) => before) ?? [];
  expect(stored).toHaveLength(delayed === 1 ? 0 : 2);
  for (const group of stored) expect(group).not.toHaveProperty('members');
  world.tenant.edit(GROUP, { applicationIds: [...(world.group()?.applicationIds ?? []), '13'] });
  await world.settle(changes);
  expect(await world.endings()).toEqual([ending]);
  expect([GROUP, OTHER].map((id) => world.group(id)?.applicationIds)).toEqual([own, other]);
});
