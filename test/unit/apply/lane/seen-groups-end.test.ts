import { describe, expect, it } from 'vitest';
import { GROUP, LANE } from '../lane-world.ts';
import { createLaggingWorld, LONG_AGO, MINUTE, OTHER, update } from './lagging-world.ts';

/** The lane forgets what it has seen, and what really went back is believed. */

describe('nothing waits for ever', () => {
  it('for a group that ZPA has restored from a backup: the quiet period ends the wait', async () => {
    const world = createLaggingWorld();
    const restored = world.addGroup({ modifiedTime: LONG_AGO });
    await world.run('T-1', update(GROUP, { set: { description: 'south' } }));
    world.tenant.groups.set(GROUP, restored);
    const from = world.clock.now();
    await world.run('T-2', update(GROUP, { set: { enabled: true } }));
    expect((await world.outcomeOf('T-2'))?.kind).toBe('applied');
    expect(world.clock.now() - from).toBeLessThan(2 * MINUTE);
  });

  it('for a created group that a colleague deletes', async () => {
    const world = createLaggingWorld();
    await world.run('T-1', { action: 'create', group: { name: 'Annex' } });
    world.tenant.groups.clear();
    await world.run('T-2', { action: 'update', group: { name: 'Annex' }, set: { enabled: true } });
    expect(await world.outcomeOf('T-2')).toMatchObject({ kind: 'rejected', code: 'group-not-found' });
  });

  it('for an older group that a colleague deletes: it is believed at once', async () => {
    const world = createLaggingWorld();
    world.addGroup({ modifiedTime: LONG_AGO });
    await world.run('T-1', update(GROUP, { set: { description: 'south' } }));
    world.tenant.groups.clear();
    const from = world.clock.now();
    await world.run('T-2', update(GROUP, { set: { enabled: true } }));
    expect(await world.outcomeOf('T-2')).toMatchObject({ kind: 'rejected', code: 'group-not-found' });
    expect(world.clock.now()).toBe(from);
  });

  it('for an application that the lane moves there and back: it does not wait at all', async () => {
    const world = createLaggingWorld();
    world.addApplications('11');
    world.addGroup({ modifiedTime: LONG_AGO, applicationIds: ['11'] });
    world.addGroup({ id: OTHER, name: 'Annex', modifiedTime: LONG_AGO });
    const take = { applications: { add: [{ id: '11' }] }, takeFromOtherGroups: true };
    await world.run('T-1', update(OTHER, take));
    await world.run('T-2', update(GROUP, take));
    await world.run('T-3', update(OTHER, take));
    expect(world.live(OTHER)?.applicationIds).toEqual(['11']);
    expect(await world.outcomeOf('T-3')).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.log.text()).not.toContain('older-reading');
  });

  it('for an application that a colleague moves on', async () => {
    const world = createLaggingWorld();
    world.addApplications('11');
    world.addGroup({ modifiedTime: LONG_AGO });
    world.addGroup({ id: OTHER, name: 'Annex', modifiedTime: LONG_AGO });
    await world.run('T-1', update(GROUP, { applications: { add: [{ id: '11' }] } }));
    world.tenant.edit(GROUP, { applicationIds: [] });
    world.tenant.edit(OTHER, { applicationIds: ['11'] });
    await world.run('T-2', update(GROUP, { applications: { add: [{ id: '11' }] } }));
    expect(await world.outcomeOf('T-2')).toMatchObject({ kind: 'rejected', code: 'application-in-other-group' });
  });

  it('and the lane remembers few groups, for a minute', async () => {
    const world = createLaggingWorld();
    const ids = Array.from({ length: 60 }, (_, n) => `720575940379${n + 10_000}`);
    for (const id of ids) world.addGroup({ id, name: `Grove ${id}`, modifiedTime: LONG_AGO });
    for (const id of ids) await world.run(id, update(id, { set: { enabled: true } }));
    expect((await world.ledger.readLane(LANE)).seen?.length).toBeLessThanOrEqual(40);
    await world.clock.advance(2 * MINUTE);
    await world.run('T-1', update(ids[0] ?? '', { set: { enabled: false } }));
    expect((await world.ledger.readLane(LANE)).seen?.map(({ groupId }) => groupId)).toEqual([ids[0]]);
  });
});
