import { describe, expect, it } from 'vitest';
import { wrapZpa } from '../interfere.ts';
import { createLaggingWorld } from '../lane/lagging-world.ts';
import { GROUP } from '../lane-world.ts';
import { LONG_AGO, OTHER, refs, THIRD } from '../requests.ts';

/** A name was searched for, and the group that was found has another name once it is read by its id. */

const HOME = THIRD;
const named = (name: string) => ({ group: { name } });
const describing = { action: 'update', set: { description: 'south' }, ...named('Warehouse') };
const creating = {
  action: 'create',
  description: 'south',
  applications: [],
  ifExists: 'update',
  ...named('Warehouse'),
};
const leaving = { action: 'update', group: { id: HOME }, applications: { remove: refs('11') } };
const toWarehouse = { name: 'Warehouse' };

const all: [string, Record<string, unknown>][] = [
  ['an update', describing],
  ['a delete', { action: 'delete', ...named('Warehouse') }],
  ['a create that may update', creating],
  ['the destination of a move', { ...leaving, moveTo: toWarehouse }],
  ['the destination of a delete', { action: 'delete', group: { id: HOME }, moveApplicationsTo: toWarehouse }],
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
  return { ...world, swap };
}

describe('a group that no longer has the name it was found by is not written', () => {
  const ways = all.flatMap(([what, asked]) => [true, false].map((isLagging) => ({ what, asked, isLagging })));
  it.each(ways)(
    '$what: the search lags ($isLagging), or it is renamed before the read',
    async ({ asked, isLagging }) => {
      const world = build();
      let isSwapped = isLagging;
      world.keep();
      if (isLagging) world.swap();
      if (isLagging) world.lag(5000, 'findGroups');
      world.tenant.interfere = (method) => {
        if (method === 'getGroup' && !isSwapped) {
          isSwapped = true;
          world.swap();
        }
        return undefined;
      };
      expect(await world.run(asked)).toMatchObject({ kind: 'applied' });
      expect(world.written().filter((id) => id === GROUP || id === OTHER)).toEqual([OTHER]);
    },
  );

  it.each(all)('%s: for ever, which ends its tries and holds up nothing behind it', async (_, asked) => {
    const world = build();
    wrapZpa(world, (zpa) => ({ findGroups: async (_name, options) => [await zpa.getGroup(HOME, options)] }));
    const changes = await world.acceptAll(asked, { ...describing, group: { id: GROUP } });
    await world.settle(changes, 200);
    expect(await world.outcome()).toMatchObject({
      ...{ code: 'unclassified', sentence: expect.stringMatching(/^6 attempts .* has another name/) },
    });
    expect(await world.endings('T-2')).toEqual(['applied']);
  });

  it('nor is another one created while the group that has the name by now is not found yet', async () => {
    const world = build();
    world.keep();
    world.swap();
    world.tenant.groups.delete(GROUP);
    world.lag(5000, 'findGroups');
    await world.run(creating);
    expect(world.tenant.writes).toMatchObject([{ kind: 'update', groupId: OTHER }]);
  });

  it('a name in another form of Unicode is the same name', async () => {
    const world = build();
    world.tenant.edit(GROUP, { name: 'Gu\u0308ter' });
    await world.run({ ...describing, ...named('G\u00fcter') });
    expect(world.written()).toEqual([GROUP]);
    expect(world.tenant.calls.filter(({ method }) => method === 'findGroups')).toHaveLength(1);
  });
});
