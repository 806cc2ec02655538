import { describe, expect, it } from 'vitest';
import type { FieldDifference } from '../../../../shared/domain/outcome/outcome.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { setMembership } from '../intent/found-intent.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

/** A swap: one update takes applications from another group and sends its own to that same group. */
const OTHER = '72057594037930002';
const ids = (list: string[]) => list.map((id) => ({ id }));
const take = (...add: string[]) => ({
  action: 'update',
  group: { id: GROUP },
  applications: { add: ids(add) },
  takeFromOtherGroups: true,
});
const swap = (...add: string[]) => ({
  ...take(),
  applications: { add: ids(add), remove: ids(['21']) },
  moveTo: { name: 'Engineering' },
});
const swapAll = { ...take(), applications: { replace: ids(['11', '12']) }, moveTo: { id: OTHER } };

function build(guards: Record<string, unknown> = {}): LaneWorld {
  const world = createLaneWorld({ guards });
  world.addGroup({ applicationIds: ['21'] });
  world.addGroup({ id: OTHER, name: 'Engineering', applicationIds: ['11', '12'] });
  world.addApplications('11', '12', '21');
  return world;
}

async function settle(world: LaneWorld, change: Record<string, unknown>) {
  await world.settle([await world.accept('T-1', change)]);
  return (await world.read('T-1')).outcome as { kind: string; code?: string; overtaken?: FieldDifference[] };
}
const members = (world: LaneWorld) => [GROUP, OTHER].map((id) => world.tenant.groups.get(id)?.applicationIds);
const desired = async (world: LaneWorld) =>
  Promise.all([GROUP, OTHER].map(async (id) => (await world.ledger.readDesired(LANE, id))?.members));

const protectedGroups = [{ groups: ['Engineering'], refuse: ['removals', 'deletes'] }];
describe.each([
  ['take', take('11', '12')],
  ['swap', swap('11', '12')],
  ['swap of the whole membership', swapAll],
])('a %s', (_, change) => {
  it.each([
    ['protectedGroups', { protectedGroups }],
    ['mostRemovals', { mostRemovals: 1 }],
  ])('is refused by %s', async (guard, guards) => {
    const world = build(guards);
    expect(await settle(world, change)).toMatchObject({ code: 'guarded', details: { guard } });
    expect(world.tenant.writes).toEqual([]);
  });
});

describe('a swap that no guard refuses', () => {
  it.each([
    ['of some', swap('11'), ['11'], ['12', '21'], { '11': [1, 1], '21': [0, 1] }, { '11': [0, 1], '21': [1, 1] }],
    ['of all', swap('11', '12'), ['11', '12'], ['21'], undefined, { '11': [0, 1], '12': [0, 1], '21': [1, 1] }],
  ])('%s ends as it was approved, with nothing overtaken', async (_, change, own, other, approved, approvedOther) => {
    const world = build();
    expect(await settle(world, change)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(members(world)).toEqual([own, other]);
    const [first, second] = await desired(world);
    if (approved !== undefined) expect(first).toEqual(approved);
    expect(second).toEqual(approvedOther);
  });

  it('is carried out through v1 too', async () => {
    const world = build();
    setMembership(world, 'v1');
    expect(await settle(world, swap('11'))).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(members(world)).toEqual([['11'], ['12', '21']]);
    expect(world.tenant.writes).toMatchObject(Array(3).fill({ via: 'v1' }));
  });

  it('is put back when its last write is refused', async () => {
    const world = build();
    failThird(world, { fault: aFault({ reason: 'applications are not valid' }) });
    expect(await settle(world, swap('11', '12'))).toMatchObject({ code: 'zpa-refused' });
    expect(members(world)).toEqual([['21'], ['11', '12']]);
  });

  it.each(['before', 'after'] as const)(
    'is finished when the answer to its last write is lost %s its effect',
    async (effect) => {
      const world = build();
      failThird(world, {
        effect,
        fault: aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' }),
      });
      expect(await settle(world, swap('11', '12'))).toMatchObject({ kind: 'applied', overtaken: [] });
      expect(members(world)).toEqual([['11', '12'], ['21']]);
    },
  );
});

function failThird(world: LaneWorld, interference: NonNullable<ReturnType<LaneWorld['tenant']['interfere']>>): void {
  let writes = 0;
  world.tenant.interfere = (method) => {
    if (method !== 'write') return undefined;
    writes += 1;
    return writes === 3 ? interference : undefined;
  };
}
