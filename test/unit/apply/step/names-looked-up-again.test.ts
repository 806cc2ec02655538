import { describe, expect, it } from 'vitest';
import { createLaggingWorld } from '../lane/lagging-world.ts';
import { GROUP } from '../lane-world.ts';
import { LONG_AGO, OTHER } from '../requests.ts';

/** A search for a name is answered by a replica of ZPA that lags: the name is not found yet, or another object still has it. */

const named = (...names: string[]) => names.map((name) => ({ name }));
const adding = (...names: string[]) => ({
  action: 'update',
  group: { id: GROUP },
  applications: { add: named(...names) },
});

function build() {
  const world = createLaggingWorld();
  world.addGroup({ modifiedTime: LONG_AGO });
  world.addApplications('1', '2', '3', '4', '11');
  const members = () => world.live(GROUP)?.applicationIds;
  const looks = (...methods: string[]) => world.tenant.calls.filter(({ method }) => methods.includes(method));
  return { ...world, members, looks };
}

describe('an application whose name another one had before', () => {
  const swap = ({ tenant }: ReturnType<typeof build>) => {
    tenant.applications.set('11', { id: '11', name: 'old wiki' });
    tenant.applications.set('12', { id: '12', name: 'wiki' });
  };

  it.each(['findApplications', 'getApplication'] as const)('is taken, though %s lags', async (method) => {
    const world = build();
    world.tenant.applications.set('11', { id: '11', name: 'wiki' });
    world.keep();
    swap(world);
    world.lag(20_000, method);
    await world.run(adding('wiki'));
    expect(world.members()).toEqual(['12']);
    expect(await world.outcome()).toMatchObject({ kind: 'applied' });
  });

  it('is taken, though they are renamed between the search and the read', async () => {
    const world = build();
    world.tenant.applications.set('11', { id: '11', name: 'wiki' });
    let isSwapped = false;
    world.tenant.interfere = (method) => {
      if (method === 'getApplication' && !isSwapped) {
        isSwapped = true;
        swap(world);
      }
      return undefined;
    };
    await world.run(adding('wiki'));
    expect(world.members()).toEqual(['12']);
  });

  it('is not taken while a search that never agrees goes on: that ends the change after its tries', async () => {
    const world = build();
    world.tenant.applications.set('11', { id: '11', name: 'wiki' });
    world.keep();
    swap(world);
    world.tenant.applications.delete('12');
    world.lag(Number.POSITIVE_INFINITY, 'findApplications');
    await world.run(adding('wiki'));
    expect(world.members()).toEqual([]);
    expect(await world.outcome()).toMatchObject({ code: 'unclassified' });
  });
});

describe('a name that a search does not find yet', () => {
  it.each([
    ['one application', ['app-11'], 'findApplications'],
    ['one of many applications', ['app-1', 'app-2', 'app-3', 'app-4', 'app-11'], 'listApplications'],
  ] as const)('%s: is looked up again', async (_, names, method) => {
    const world = build();
    world.tenant.applications.delete('11');
    world.keep();
    world.addApplications('11');
    world.lag(4000, method);
    await world.run(adding(...names));
    expect(await world.outcome()).toMatchObject({ kind: 'applied' });
    expect(world.members()).toContain('11');
  });

  const HOME = '72057594037930003';
  const moved = { moveApplicationsTo: { name: 'Depot' } };
  it.each<[string, Record<string, unknown>]>([
    ['an update', { action: 'update', group: { name: 'Depot' }, set: { description: 'south' } }],
    ['a delete', { action: 'delete', group: { name: 'Depot' } }],
    ['the destination of a delete', { action: 'delete', group: { id: HOME }, ...moved }],
  ])('the group of %s: is looked up again', async (_, asked) => {
    const world = build();
    world.addGroup({ id: HOME, name: 'Home', applicationIds: ['11'], modifiedTime: LONG_AGO });
    world.keep();
    world.addGroup({ id: OTHER, name: 'Depot', modifiedTime: LONG_AGO });
    world.lag(4000, 'findGroups');
    await world.run(asked);
    expect(await world.outcome()).toMatchObject({ kind: 'applied' });
  });

  it('is rejected after the second look, seconds later, and only what is missing is looked up then', async () => {
    const world = build();
    const began = world.clock.now();
    await world.run(adding('app-11', 'nowhere', 'nobody'));
    expect(await world.outcome()).toMatchObject({ code: 'application-not-found' });
    expect(world.looks('findApplications')).toHaveLength(5);
    expect(world.clock.now() - began).toBe(5000);
  });

  it('is no reason to wait where a group is created', async () => {
    const world = build();
    const began = world.clock.now();
    await world.run({ action: 'create', group: { name: 'Depot' } });
    expect(await world.outcome()).toMatchObject({ kind: 'applied' });
    expect(world.clock.now()).toBe(began);
  });
});
