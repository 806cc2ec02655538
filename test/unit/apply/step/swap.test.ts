import { describe, expect, it } from 'vitest';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { setMembership } from '../intent/found-intent.ts';
import { failWrites } from '../interfere.ts';
import { GROUP, LANE, type LaneWorld, laneWith } from '../lane-world.ts';
import { LOST, OTHER, refs, taking } from '../requests.ts';

/** A swap: one update takes applications from another group and sends its own to that same group. */
const swap = (...add: string[]) => ({
  ...taking(),
  ...{ applications: { add: refs(...add), remove: refs('21') }, moveTo: { name: 'Engineering' } },
});
const swapAll = { ...taking(), applications: { replace: refs('11', '12') }, moveTo: { id: OTHER } };

const build = (guards: Record<string, unknown> = {}) =>
  laneWith(
    [{ applicationIds: ['21'] }, { id: OTHER, name: 'Engineering', applicationIds: ['11', '12'] }],
    ['11', '12', '21'],
    { guards },
  );
const members = (world: LaneWorld) => [GROUP, OTHER].map((id) => world.group(id)?.applicationIds);
const applied = { kind: 'applied', overtaken: [] };

describe.each([
  ['take', taking('11', '12')],
  ['swap', swap('11', '12')],
  ['swap of the whole membership', swapAll],
])('a %s', (_, change) => {
  it.each([
    ['protectedGroups', [{ groups: ['Engineering'], refuse: ['removals', 'deletes'] }]],
    ['mostRemovals', 1],
  ])('is refused by %s', async (guard, setting) => {
    const world = build({ [guard]: setting });
    expect(await world.play(change)).toMatchObject({ code: 'guarded', details: { guard } });
    expect(world.tenant.writes).toEqual([]);
  });
});

describe('a swap that no guard refuses', () => {
  it.each([
    ['of some', swap('11'), ['11'], ['12', '21'], { '11': [1, 1], '21': [0, 1] }, { '11': [0, 1], '21': [1, 1] }],
    ['of all', swap('11', '12'), ['11', '12'], ['21'], {}, { '11': [0, 1], '12': [0, 1], '21': [1, 1] }],
  ])('%s ends as it was approved, with nothing overtaken', async (_, change, own, other, approved, approvedOther) => {
    const world = build();
    expect(await world.play(change)).toMatchObject(applied);
    expect(members(world)).toEqual([own, other]);
    const [first, second] = await Promise.all([GROUP, OTHER].map((id) => world.ledger.readDesired(LANE, id)));
    expect(first?.members).toMatchObject(approved);
    expect(second?.members).toEqual(approvedOther);
  });

  it('is carried out through v1 too', async () => {
    const world = build();
    setMembership(world, 'v1');
    expect(await world.play(swap('11'))).toMatchObject(applied);
    expect(members(world)).toEqual([['11'], ['12', '21']]);
    expect(world.tenant.writes).toMatchObject(Array(3).fill({ via: 'v1' }));
  });

  it.each([
    ['is put back when its last write is refused', aFault(), 'before', 'zpa-refused', [['21'], ['11', '12']]],
    ['is finished when the answer to its last write is lost', LOST, 'before', 'applied', [['11', '12'], ['21']]],
    ['is so, too, when that write took effect', LOST, 'after', 'applied', [['11', '12'], ['21']]],
  ] as const)('%s', async (_, fault, effect, ending, left) => {
    const world = build();
    failWrites(world, 3, fault, effect);
    await world.play(swap('11', '12'));
    expect([await world.endings(), members(world)]).toEqual([[ending], left]);
  });
});
