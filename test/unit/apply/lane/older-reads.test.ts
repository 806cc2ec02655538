import { describe, expect, it } from 'vitest';
import { GROUP } from '../lane-world.ts';
import { createLaggingWorld, LONG_AGO, OTHER, update } from './lagging-world.ts';

/** ZPA answers from replicas that lag differently (docs/architecture.md#lagging-reads). */

describe('a read that is older than what the lane has seen is read again', () => {
  it('of a group whose rename the lane has seen: the former name is not written back', async () => {
    const world = createLaggingWorld();
    world.addGroup({ modifiedTime: LONG_AGO });
    world.keep();
    world.tenant.edit(GROUP, { name: 'Depot' });
    await world.run('T-1', update(GROUP, { set: { description: 'south' } }));
    world.lag(5000, 'getGroup');
    await world.run('T-2', update(GROUP, { set: { enabled: true } }));
    expect(world.live(GROUP)).toMatchObject({ name: 'Depot', description: 'south', enabled: true });
    expect(await world.outcomeOf('T-2')).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toHaveLength(2);
  });

  it('of a group as it was before the own write of the same second', async () => {
    const world = createLaggingWorld();
    world.addGroup({ modifiedTime: LONG_AGO });
    await world.run('T-1', update(GROUP, { set: { description: 'north' } }));
    world.keep();
    await world.run('T-2', update(GROUP, { set: { description: 'south' } }));
    expect(world.live(GROUP)?.modifiedTime).toBe(Math.floor(world.clock.now() / 1000));
    world.lag(5000, 'getGroup');
    await world.run('T-3', update(GROUP, { set: { enabled: true } }));
    expect(world.live(GROUP)).toMatchObject({ description: 'south', enabled: true });
  });

  it('of a group that an application has left without a new stamp: it is nobody’s later edit', async () => {
    const world = createLaggingWorld();
    const group = world.addGroup({ modifiedTime: LONG_AGO, applicationIds: ['11'] });
    world.keep();
    world.tenant.groups.set(GROUP, { ...group, applicationIds: [] });
    await world.run('T-1', update(GROUP, { set: { enabled: false } }));
    world.lag(5000, 'getGroup');
    await world.run('T-2', update(GROUP, { set: { description: 'south' } }));
    expect(await world.outcomeOf('T-2')).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it('of a group whose read-back came from a listing', async () => {
    const world = createLaggingWorld();
    const ids = [GROUP, OTHER, '72057594037930003'];
    for (const id of ids) world.addGroup({ id, name: `Grove ${id}`, modifiedTime: LONG_AGO });
    world.addApplications('11');
    const group = world.addGroup({ modifiedTime: LONG_AGO, applicationIds: ['11'] });
    world.keep();
    world.tenant.groups.set(GROUP, { ...group, applicationIds: [] });
    const south = { set: { description: 'south' } };
    const asked = [];
    for (const id of ids) asked.push(await world.ask(id, update(id, south)));
    await world.settleTogether(...asked);
    world.lag(5000, 'getGroup');
    await world.run('T-4', update(GROUP, { set: { enabled: true } }));
    expect(world.live(GROUP)).toMatchObject({ description: 'south', enabled: true });
  });

  it('of a listing that shows a group as it was before a colleague’s edit, as the write reverts it', async () => {
    const world = createLaggingWorld();
    const ids = [GROUP, OTHER, '72057594037930003'];
    for (const id of ids) world.addGroup({ id, name: `Grove ${id}`, description: 'north', modifiedTime: LONG_AGO });
    world.keep();
    world.tenant.edit(GROUP, { description: 'south' });
    const edited = world.live(GROUP);
    await world.clock.advance(2000);
    const asked = [];
    for (const id of ids)
      asked.push(await world.ask(id, update(id, { set: { description: id === GROUP ? 'north' : 'south' } })));
    world.lag(30_000, 'listGroups');
    await world.settleTogether(...asked);
    const reverted = world.live(GROUP);
    if (edited === undefined || reverted === undefined) throw new Error('the group is there');
    world.tenant.groups.set(GROUP, edited);
    world.keep();
    world.tenant.groups.set(GROUP, reverted);
    world.lag(8000, 'getGroup');
    await world.run('T-4', update(GROUP, { set: { enabled: true } }));
    expect(world.live(GROUP)).toMatchObject({ description: 'north', enabled: true });
    expect(await world.outcomeOf('T-4')).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it('of a group that the lane has not seen, with an application that it has added to another one', async () => {
    const world = createLaggingWorld();
    world.addApplications('11');
    const group = world.addGroup({ modifiedTime: LONG_AGO, applicationIds: ['11'] });
    world.addGroup({ id: OTHER, name: 'Annex', modifiedTime: LONG_AGO });
    world.keep();
    world.tenant.groups.set(GROUP, { ...group, applicationIds: [] });
    await world.run('T-1', update(OTHER, { applications: { add: [{ id: '11' }] } }));
    world.lag(5000, 'getGroup');
    await world.run('T-2', update(GROUP, { set: { description: 'south' } }));
    expect(await world.outcomeOf('T-2')).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it('of a read-back: a state from before the first read is nobody’s later edit', async () => {
    const world = createLaggingWorld();
    world.addGroup({ modifiedTime: LONG_AGO });
    world.keep();
    world.tenant.edit(GROUP, { name: 'Depot' });
    world.tenant.interfere = (method) => {
      if (method === 'write') world.lag(5000, 'getGroup');
      return undefined;
    };
    await world.run('T-1', update(GROUP, { set: { description: 'south' } }));
    expect(await world.outcomeOf('T-1')).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it.each([
    ['an update', { action: 'update', set: { enabled: true } }],
    ['a create that may update', { action: 'create', ifExists: 'update', enabled: true }],
  ])('of a name that the lane has created: %s finds the group', async (_, asked) => {
    const world = createLaggingWorld();
    world.keep();
    await world.run('T-1', { action: 'create', group: { name: 'Annex' } });
    world.lag(5000, 'findGroups', 'listGroups');
    await world.run('T-2', { ...asked, group: { name: 'Annex' } });
    expect(await world.outcomeOf('T-2')).toMatchObject({ kind: 'applied', effect: { groupId: world.idOf('Annex') } });
    expect(world.tenant.writes.map(({ kind }) => kind)).toEqual(['create', 'update']);
  });

  it('of a group that the lane has created and that is not found by its id yet', async () => {
    const world = createLaggingWorld();
    world.keep();
    await world.run('T-1', { action: 'create', group: { name: 'Annex' } });
    world.lag(5000, 'getGroup');
    await world.run('T-2', update(world.idOf('Annex'), { set: { enabled: true } }));
    expect((await world.outcomeOf('T-2'))?.kind).toBe('applied');
  });

  it.each([
    ['by its id', [{ id: '11' }], ['getApplication']],
    ['by its name', [{ name: 'app-11' }], ['findApplications']],
    ['in a list', ['11', '12', '13', '14', '15'].map((id) => ({ id })), ['listApplications']],
  ] as const)('of an application that the lane has taken out of its group, read %s', async (_, add, methods) => {
    const world = createLaggingWorld();
    world.addApplications('11', '12', '13', '14', '15');
    world.addGroup({ modifiedTime: LONG_AGO, applicationIds: ['11'] });
    world.addGroup({ id: OTHER, name: 'Annex', modifiedTime: LONG_AGO });
    world.keep();
    await world.run('T-1', update(GROUP, { applications: { remove: [{ id: '11' }] }, leaveUngrouped: true }));
    world.lag(5000, ...methods);
    await world.run('T-2', update(OTHER, { applications: { add } }));
    expect(await world.outcomeOf('T-2')).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it('of an application that a write has moved which awaits its read-back', async () => {
    const world = createLaggingWorld();
    world.addApplications('11', '12');
    world.addGroup({ modifiedTime: LONG_AGO, applicationIds: ['11', '12'] });
    const leave = (id: string) => update(GROUP, { applications: { remove: [{ id }] }, leaveUngrouped: true });
    // Two proofs that v2 honours deltas: only then is a read-back deferred.
    await world.run('T-1', update(GROUP, { set: { enabled: true } }));
    await world.run('T-2', leave('12'));
    world.keep();
    world.tenant.interfere = (method) => {
      if (method === 'write') world.lag(5000, 'findApplications');
      return undefined;
    };
    const create = { action: 'create', group: { name: 'Annex' }, applications: [{ name: 'app-11' }] };
    await world.settleTogether(await world.ask('T-3', leave('11')), await world.ask('T-4', create));
    expect((await world.outcomeOf('T-4'))?.kind).toBe('applied');
  });

  it('of a group that the lane has deleted: its name is free', async () => {
    const world = createLaggingWorld();
    world.addGroup({ modifiedTime: LONG_AGO });
    world.keep();
    await world.run('T-1', { action: 'delete', group: { id: GROUP } });
    world.lag(5000, 'findGroups', 'getGroup', 'listGroups');
    await world.run('T-2', { action: 'create', group: { name: 'Warehouse' } });
    expect((await world.outcomeOf('T-2'))?.kind).toBe('applied');
  });

  it('of a group that the lane has renamed: nobody finds it under the former name', async () => {
    const world = createLaggingWorld();
    world.addGroup({ modifiedTime: LONG_AGO });
    world.keep();
    await world.run('T-1', update(GROUP, { set: { name: 'Depot' } }));
    world.lag(5000, 'findGroups', 'listGroups');
    await world.run('T-2', { action: 'update', group: { name: 'Warehouse' }, set: { enabled: true } });
    expect(await world.outcomeOf('T-2')).toMatchObject({ kind: 'rejected', code: 'group-not-found' });
  });

  it('of a group that a deletion has emptied: its applications have not joined again', async () => {
    const world = createLaggingWorld();
    world.addApplications('11');
    world.addGroup({ modifiedTime: LONG_AGO, applicationIds: ['11'] });
    world.addGroup({ id: OTHER, name: 'Annex', modifiedTime: LONG_AGO });
    world.keep();
    let writes = 0;
    world.tenant.interfere = (method) => {
      writes += method === 'write' ? 1 : 0;
      if (method !== 'write' || writes !== 3) return undefined;
      world.lag(30_000, 'getGroup');
      return { fault: { code: 'concurrent-change', class: 'transient', scope: 'change', effect: 'none' } };
    };
    await world.run('T-1', { action: 'delete', group: { id: GROUP }, moveApplicationsTo: { id: OTHER } });
    expect((await world.outcomeOf('T-1'))?.kind).toBe('applied');
    expect(world.tenant.writes.map(({ kind }) => kind)).toEqual(['update', 'update', 'delete']);
  });
});
