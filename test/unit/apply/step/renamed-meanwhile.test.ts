import { describe, expect, it } from 'vitest';
import { createLaggingWorld, LONG_AGO, OTHER } from '../lane/lagging-world.ts';
import { GROUP } from '../lane-world.ts';

/** A name was searched for, and the group that was found has another name once it is read by its id. */

const HOME = '72057594037930003';
const named = (name: string) => ({ group: { name } });
const describing = { action: 'update', set: { description: 'south' }, ...named('Warehouse') };
const deleting = { action: 'delete', ...named('Warehouse') };
const creating = {
  action: 'create',
  description: 'south',
  applications: [],
  ifExists: 'update',
  ...named('Warehouse'),
};
const leaving = { action: 'update', group: { id: HOME }, applications: { remove: [{ id: '11' }] } };
const moving = { ...leaving, moveTo: { name: 'Warehouse' } };
const deletingHome = { action: 'delete', group: { id: HOME }, moveApplicationsTo: { name: 'Warehouse' } };

const all: [string, Record<string, unknown>][] = [
  ['an update', describing],
  ['a delete', deleting],
  ['a create that may update', creating],
  ['the destination of a move', moving],
  ['the destination of a delete', deletingHome],
];

function build() {
  const world = createLaggingWorld();
  world.addApplications('11');
  world.addGroup({ modifiedTime: LONG_AGO });
  world.addGroup({ id: HOME, name: 'Home', applicationIds: ['11'], modifiedTime: LONG_AGO });
  const swap = () => {
    world.tenant.edit(GROUP, { name: 'Depot' });
    world.addGroup({ id: OTHER, name: 'Warehouse', modifiedTime: LONG_AGO });
  };
  const writesTo = (id: string) =>
    world.tenant.writes.filter((write) => write.kind !== 'create' && write.groupId === id).length;
  return { ...world, swap, writesTo };
}

describe('a group that no longer has the name it was found by is not written', () => {
  it.each(all)('%s: the search lags', async (_, asked) => {
    const world = build();
    world.keep();
    world.swap();
    world.lag(5000, 'findGroups');
    await world.run('T-1', asked);
    expect(world.writesTo(GROUP)).toBe(0);
    expect(world.writesTo(OTHER)).toBe(1);
    expect(await world.outcomeOf('T-1')).toMatchObject({ kind: 'applied' });
  });

  it.each(all)('%s: it is renamed between the search and the read', async (_, asked) => {
    const world = build();
    let isSwapped = false;
    world.tenant.interfere = (method) => {
      if (method === 'getGroup' && !isSwapped) {
        isSwapped = true;
        world.swap();
      }
      return undefined;
    };
    await world.run('T-1', asked);
    expect(world.writesTo(GROUP)).toBe(0);
    expect(world.writesTo(OTHER)).toBe(1);
    expect(await world.outcomeOf('T-1')).toMatchObject({ kind: 'applied' });
  });

  it.each(all)('%s: for ever, which ends its tries and holds up nothing behind it', async (_, asked) => {
    const world = build();
    const client = world.ports.zpaFor;
    world.ports.zpaFor = (tenant, limiter) => {
      const zpa = client(tenant, limiter);
      return { ...zpa, findGroups: async (_name, options) => [await zpa.getGroup(HOME, options)] };
    };
    const changes = [
      await world.accept('T-1', asked),
      await world.accept('T-2', { ...describing, group: { id: GROUP } }),
    ];
    await world.settle(changes, 200);
    expect((await world.read('T-1')).outcome).toMatchObject({
      ...{ code: 'unclassified', sentence: expect.stringMatching(/^6 tries .* has another name/) },
    });
    expect((await world.read('T-2')).outcome?.kind).toBe('applied');
  });

  it('nor is another one created while the group that has the name by now is not found yet', async () => {
    const world = build();
    world.keep();
    world.swap();
    world.tenant.groups.delete(GROUP);
    world.lag(5000, 'findGroups');
    await world.run('T-1', creating);
    expect(world.tenant.writes).toMatchObject([{ kind: 'update', groupId: OTHER }]);
  });

  it('a name in another form of Unicode is the same name', async () => {
    const world = build();
    world.tenant.edit(GROUP, { name: 'Gu\u0308ter' });
    await world.run('T-1', { ...describing, ...named('G\u00fcter') });
    expect(world.writesTo(GROUP)).toBe(1);
    expect(world.tenant.calls.filter(({ method }) => method === 'findGroups')).toHaveLength(1);
  });
});
