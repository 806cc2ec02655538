import { describe, expect, it } from 'vitest';
import { OLDER_READING, refuseOlderReads } from '../../../../functions/apply/lane/refuse-older-reads.ts';
import type { SeenGroup } from '../../../../shared/domain/records/seen-groups.ts';
import { succeed } from '../intent/found-intent.ts';
import { createLaneWorld, GROUP } from '../lane-world.ts';
import { CLASH, describing, idOf, LONG_AGO, MINUTE, OTHER, refs, taking, UNREACHABLE, update } from '../requests.ts';
import { createLaggingWorld } from './lagging-world.ts';

/** ZPA answers from replicas that lag differently (docs/architecture.md#lagging-reads). */

const enable = update(GROUP, { set: { enabled: true } });
const leave = (id: string) => update(GROUP, { applications: { remove: refs(id) }, leaveUngrouped: true });
const join = (...ids: string[]) => update(OTHER, { applications: { add: refs(...ids) } });
const annex = { action: 'create', group: { name: 'Annex' } };
const applied = { kind: 'applied', overtaken: [] };

/** The group of the lane, and another one. */
function aWorld(applicationIds: string[] = []) {
  const world = createLaggingWorld();
  world.addApplications('11', '12', '13', '14', '15');
  const group = world.addGroup({ modifiedTime: LONG_AGO, applicationIds });
  world.addGroup({ id: OTHER, name: 'Annexe', modifiedTime: LONG_AGO });
  /** The replica shows it as it is; ZPA has taken the applications out since, without a stamp. */
  const keepAndEmpty = () => {
    world.keep();
    world.tenant.groups.set(GROUP, { ...group, applicationIds: [] });
  };
  return { ...world, keepAndEmpty };
}

describe('a read that is older than what the lane has seen is read again', () => {
  it('of a group whose rename the lane has seen: the former name is not written back', async () => {
    const world = aWorld();
    world.keep();
    world.tenant.edit(GROUP, { name: 'Depot' });
    await world.run(describing());
    world.lag(5000, 'getGroup');
    expect(await world.run(enable)).toMatchObject(applied);
    expect(world.live(GROUP)).toMatchObject({ name: 'Depot', description: 'south', enabled: true });
    expect(world.tenant.writes).toHaveLength(2);
  });

  it('of a group as it was before the own write of the same second', async () => {
    const world = aWorld();
    await world.run(describing(GROUP, 'north'));
    world.keep();
    await world.run(describing());
    expect(world.live(GROUP)?.modifiedTime).toBe(Math.floor(world.clock.now() / 1000));
    world.lag(5000, 'getGroup');
    await world.run(enable);
    expect(world.live(GROUP)).toMatchObject({ description: 'south', enabled: true });
  });

  it('of a group that an application has left without a new stamp: it is nobody’s later edit', async () => {
    const world = aWorld(['11']);
    world.keepAndEmpty();
    await world.run(update(GROUP, { set: { enabled: false } }));
    world.lag(5000, 'getGroup');
    expect(await world.run(describing())).toMatchObject(applied);
  });

  it('of a group whose read-back came from a listing', async () => {
    const world = aWorld(['11']);
    world.addGroup({ id: idOf(3), name: 'Grove', modifiedTime: LONG_AGO });
    world.keepAndEmpty();
    await world.run(...[1, 2, 3].map((n) => describing(idOf(n))));
    world.lag(5000, 'getGroup');
    await world.run(enable);
    expect(world.live(GROUP)).toMatchObject({ description: 'south', enabled: true });
  });

  it('of a listing that shows a group as it was before a colleague’s edit, as the write reverts it', async () => {
    const world = aWorld();
    world.addGroup({ description: 'north', modifiedTime: LONG_AGO });
    world.addGroup({ id: idOf(3), name: 'Grove', modifiedTime: LONG_AGO });
    world.keep();
    world.tenant.edit(GROUP, { description: 'south' });
    const edited = world.live(GROUP);
    await world.clock.advance(2000);
    const asked = await world.acceptAll(describing(GROUP, 'north'), describing(OTHER), describing(idOf(3)));
    world.lag(30_000, 'listGroups');
    await world.settleTogether(...asked);
    const reverted = world.live(GROUP);
    if (edited === undefined || reverted === undefined) throw new Error('the group is there');
    world.tenant.groups.set(GROUP, edited);
    world.keep();
    world.tenant.groups.set(GROUP, reverted);
    world.lag(8000, 'getGroup');
    expect(await world.run(enable)).toMatchObject(applied);
    expect(world.live(GROUP)).toMatchObject({ description: 'north', enabled: true });
  });

  it('of a group that the lane has not seen, with an application that it has added to another one', async () => {
    const world = aWorld(['11']);
    world.keepAndEmpty();
    await world.run(join('11'));
    world.lag(5000, 'getGroup');
    expect(await world.run(describing())).toMatchObject(applied);
  });

  it('of a read-back: a state from before the first read is nobody’s later edit', async () => {
    const world = aWorld();
    world.keep();
    world.tenant.edit(GROUP, { name: 'Depot' });
    world.tenant.interfere = (method) => {
      if (method === 'write') world.lag(5000, 'getGroup');
      return undefined;
    };
    expect(await world.run(describing())).toMatchObject(applied);
  });

  it.each([
    ['an update', { action: 'update', set: { enabled: true } }],
    ['a create that may update', { action: 'create', ifExists: 'update', enabled: true }],
  ])('of a name that the lane has created: %s finds the group', async (_, asked) => {
    const world = aWorld();
    world.keep();
    await world.run(annex);
    world.lag(5000, 'findGroups', 'listGroups');
    const effect = { groupId: world.idOf('Annex') };
    expect(await world.run({ ...asked, group: { name: 'Annex' } })).toMatchObject({ kind: 'applied', effect });
    expect(world.tenant.writes.map(({ kind }) => kind)).toEqual(['create', 'update']);
  });

  it('of a group that the lane has created and that is not found by its id yet', async () => {
    const world = aWorld();
    world.keep();
    await world.run(annex);
    world.lag(5000, 'getGroup');
    expect((await world.run(update(world.idOf('Annex'), { set: { enabled: true } })))?.kind).toBe('applied');
  });

  it.each([
    ['by its id', join('11'), ['getApplication']],
    ['by its name', update(OTHER, { applications: { add: [{ name: 'app-11' }] } }), ['findApplications']],
    ['in a list', join('11', '12', '13', '14', '15'), ['listApplications']],
  ] as const)('of an application that the lane has taken out of its group, read %s', async (_, asked, methods) => {
    const world = aWorld(['11']);
    world.keep();
    await world.run(leave('11'));
    world.lag(5000, ...methods);
    expect(await world.run(asked)).toMatchObject(applied);
  });

  it('of an application that a write has moved which awaits its read-back', async () => {
    const world = aWorld(['11', '12']);
    // Two proofs that v2 honours deltas: only then is a read-back deferred.
    await world.run(enable);
    await world.run(leave('12'));
    world.keep();
    world.tenant.interfere = (method) => {
      if (method === 'write') world.lag(5000, 'findApplications');
      return undefined;
    };
    await world.run(leave('11'), { ...annex, applications: [{ name: 'app-11' }] });
    expect((await world.outcome('T-4'))?.kind).toBe('applied');
  });

  it('of a group that the lane has deleted: its name is free', async () => {
    const world = aWorld();
    world.keep();
    await world.run({ action: 'delete', group: { id: GROUP } });
    world.lag(5000, 'findGroups', 'getGroup', 'listGroups');
    expect((await world.run({ action: 'create', group: { name: 'Warehouse' } }))?.kind).toBe('applied');
  });

  it('of a group that the lane has renamed: nobody finds it under the former name', async () => {
    const world = aWorld();
    world.keep();
    await world.run(update(GROUP, { set: { name: 'Depot' } }));
    world.lag(5000, 'findGroups', 'listGroups');
    const asked = { action: 'update', group: { name: 'Warehouse' }, set: { enabled: true } };
    expect(await world.run(asked)).toMatchObject({ kind: 'rejected', code: 'group-not-found' });
  });

  it('of a group that a deletion has emptied: its applications have not joined again', async () => {
    const world = aWorld(['11']);
    world.keep();
    let writes = 0;
    world.tenant.interfere = (method) => {
      writes += method === 'write' ? 1 : 0;
      if (method !== 'write' || writes !== 3) return undefined;
      world.lag(30_000, 'getGroup');
      return { fault: CLASH };
    };
    const asked = { action: 'delete', group: { id: GROUP }, moveApplicationsTo: { id: OTHER } };
    expect((await world.run(asked))?.kind).toBe('applied');
    expect(world.tenant.writes.map(({ kind }) => kind)).toEqual(['update', 'update', 'delete']);
  });
});

/** The lane forgets what it has seen, and what really went back is believed. */
describe('nothing waits for ever', () => {
  const notFound = { kind: 'rejected', code: 'group-not-found' };

  it('for a group that ZPA has restored from a backup: the quiet period ends the wait', async () => {
    const world = aWorld();
    const restored = world.addGroup({ modifiedTime: LONG_AGO });
    await world.run(describing());
    world.tenant.groups.set(GROUP, restored);
    const from = world.clock.now();
    expect((await world.run(enable))?.kind).toBe('applied');
    expect(world.clock.now() - from).toBeLessThan(2 * MINUTE);
  });

  it('for a created group that a colleague deletes', async () => {
    const world = aWorld();
    await world.run(annex);
    world.tenant.groups.clear();
    const asked = { action: 'update', group: { name: 'Annex' }, set: { enabled: true } };
    expect(await world.run(asked)).toMatchObject(notFound);
  });

  it('for an older group that a colleague deletes: it is believed at once', async () => {
    const world = aWorld();
    await world.run(describing());
    world.tenant.groups.clear();
    const from = world.clock.now();
    expect(await world.run(enable)).toMatchObject(notFound);
    expect(world.clock.now()).toBe(from);
  });

  it('for an application that the lane moves there and back: it does not wait at all', async () => {
    const world = aWorld(['11']);
    const there = { ...taking('11'), group: { id: OTHER } };
    await world.run(there);
    await world.run(taking('11'));
    expect(await world.run(there)).toMatchObject(applied);
    expect(world.live(OTHER)?.applicationIds).toEqual(['11']);
    expect(world.log.text()).not.toContain('older-reading');
  });

  it('for an application that a colleague moves on', async () => {
    const world = aWorld();
    const add = update(GROUP, { applications: { add: refs('11') } });
    await world.run(add);
    world.tenant.edit(GROUP, { applicationIds: [] });
    world.tenant.edit(OTHER, { applicationIds: ['11'] });
    expect(await world.run(add)).toMatchObject({ kind: 'rejected', code: 'application-in-other-group' });
  });

  it('and the lane remembers few groups, for a minute', async () => {
    const world = createLaggingWorld();
    const ids = Array.from({ length: 60 }, (_, n) => idOf(n + 10_000));
    for (const id of ids) world.addGroup({ id, name: `Grove ${id}`, modifiedTime: LONG_AGO });
    for (const id of ids) await world.run(update(id, { set: { enabled: true } }));
    expect((await world.lane()).seen?.length).toBeLessThanOrEqual(40);
    await world.clock.advance(2 * MINUTE);
    await world.run(update(ids[0] ?? '', { set: { enabled: false } }));
    expect((await world.lane()).seen?.map(({ groupId }) => groupId)).toEqual([ids[0]]);
  });
});

/** ZPA as a worker reads it whose lane has just seen this of the group. */
async function readerAfter(seen: Partial<SeenGroup>) {
  const world = createLaneWorld();
  const { session } = await succeed(world);
  const known = { groupId: GROUP, microtenantId: '0', at: world.clock.now(), name: 'Warehouse' };
  session.stage({ seen: [{ ...known, ...seen }] });
  const zpa = refuseOlderReads({ ports: world.ports, session }, world.ports.zpaFor('acme', session.limiter));
  return { world, session, zpa };
}

describe('a read that is refused as older', () => {
  it.each([
    [100, 1000],
    [3000, 3000],
    [20_000, 8000],
    [59_500, 501],
    [60_000, 1],
  ])(
    '%i ms after what it lacks was seen is repeated after %i ms, right after the quiet period at the latest',
    async (ms, pause) => {
      const { world, zpa } = await readerAfter({ deleted: true });
      world.addGroup();
      await world.clock.advance(ms);
      await expect(zpa.getGroup(GROUP)).rejects.toMatchObject({ fault: { code: OLDER_READING, retryAfterMs: pause } });
    },
  );

  it('is one of the microtenant in which the group was created', async () => {
    const { zpa } = await readerAfter({ microtenantId: '77', created: true });
    for (const read of [zpa.getGroup(GROUP, inside('77')), zpa.findGroups('Warehouse', inside('77'))])
      await expect(read).rejects.toMatchObject({ code: OLDER_READING });
    await expect(zpa.getGroup(GROUP)).rejects.toMatchObject({ code: 'not-found' });
    expect(await zpa.findGroups('Warehouse')).toEqual([]);
  });

  it('is none that ZPA has not answered', async () => {
    const { world, zpa, session } = await readerAfter({ created: true });
    world.tenant.interfere = () => ({ fault: UNREACHABLE });
    await expect(zpa.getGroup(GROUP)).rejects.toMatchObject({ code: 'unreachable' });
    expect(session.lane().seen).toMatchObject([{ created: true }]);
  });

  it('is none once nothing is remembered, and the lane holds nothing of it', async () => {
    const { world, zpa, session } = await readerAfter({ created: true });
    await world.clock.advance(MINUTE + 1);
    await expect(zpa.getGroup(GROUP)).rejects.toMatchObject({ code: 'not-found' });
    expect(session.lane()).not.toHaveProperty('seen');
  });
});
const inside = (microtenantId: string) => ({ microtenantId });
