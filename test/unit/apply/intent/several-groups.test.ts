import { describe, expect, it } from 'vitest';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { failWrites, slow, wrapZpa } from '../interfere.ts';
import { type LaneWorld, laneWith } from '../lane-world.ts';
import { describing, idOf, LOST, UNREACHABLE, update, upTo } from '../requests.ts';

const renaming = (n: number, name = `Renamed ${n}`) => update(idOf(n), { set: { name } });
const rewording = (n: number) => describing(idOf(n));

const build = (groups: number) => laneWith(upTo(groups).map((n) => ({ id: idOf(n), name: `Group ${n}` })));

const countOf = (world: LaneWorld, method: string) => world.tenant.calls.filter((c) => c.method === method).length;

/** All of these changes are in effect, and nobody's edit was seen. */
async function expectApplied(world: LaneWorld, ...places: number[]) {
  for (const n of places) expect(await world.outcome(`T-${n}`)).toMatchObject({ kind: 'applied', overtaken: [] });
}

describe('writes of several groups', () => {
  it('are each decided on a read of their own, and read back by one listing', async () => {
    const world = build(8);
    await world.play(...upTo(8).map((n) => renaming(n)));
    await expectApplied(world, ...upTo(8));
    expect(world.written()).toEqual(upTo(8).map(idOf));
    expect([countOf(world, 'getGroup'), countOf(world, 'listGroups')]).toEqual([8, 1]);
    expect((await world.lane()).answered).toBeUndefined();
  });

  it('asked for by name are found by one listing, and read by their ids', async () => {
    const world = build(8);
    const named = (n: number) => ({
      action: 'update',
      group: { name: `Group ${n}` },
      set: { description: `As of ${n}` },
    });
    // Between the listing and the group's own read, the group gets another name, and a new group gets its old name.
    let renamed = false;
    world.tenant.interfere = (method, id) => {
      if (method !== 'getGroup' || id !== idOf(5) || renamed) return undefined;
      renamed = true;
      world.tenant.edit(idOf(5), { name: 'Formerly 5' });
      world.addGroup({ id: idOf(9), name: 'Group 5' });
      return undefined;
    };
    await world.play(...[...upTo(8), 404].map(named));
    await expectApplied(world, ...upTo(8));
    expect(await world.endings('T-9')).toEqual(['group-not-found']);
    expect(world.written()).toEqual([1, 2, 3, 4, 9, 6, 7, 8].map(idOf));
    // One search is for the renamed group, two are for the missing one.
    expect([countOf(world, 'findGroups'), countOf(world, 'listGroups')]).toEqual([3, 2]);
  });

  it('take as long as the budget of writes says, not that of reads', async () => {
    const world = build(40);
    const started = world.clock.now();
    await world.play(...upTo(40).map(rewording));
    // Forty writes fill four windows; the worker waits for the last three.
    const windows = (world.clock.now() - started) / world.ports.timing.budgetWindowMs;
    expect([Math.floor(windows * 10), world.tenant.writes.length]).toEqual([30, 40]);
  });

  it('need few more reads than writes at any pace, and wait for their look no longer than a rate window', async () => {
    const world = build(40);
    const answeredAt = new Map<string, number>();
    // One write a second in the last ten seconds: the next writes keep that pace.
    const writes = upTo(10).map((n) => world.clock.now() - 10_000 + n * 1000);
    await world.setLane({ budget: { reads: [], writes, notBefore: 0 } });
    slow(world, 'getGroup', 400);
    slow(world, 'write', 400);
    wrapZpa(world, (zpa) => ({
      async write(...args) {
        const answer = await zpa.write(...args);
        answeredAt.set(answer.groupId, world.clock.now());
        return answer;
      },
    }));
    const changes = await world.acceptAll(...upTo(40).map(rewording));
    for (let round = 0; round < 10 && (await world.invoke(changes)).length > 0; round += 1);
    expect(world.tenant.calls.filter(({ method }) => method !== 'write').length).toBeLessThanOrEqual(40 + 8);
    for (const n of upTo(40)) {
      const settledAt = (await world.outcome(`T-${n}`))?.at ?? Number.POSITIVE_INFINITY;
      expect(settledAt - (answeredAt.get(idOf(n)) ?? 0)).toBeLessThanOrEqual(world.ports.timing.budgetWindowMs);
    }
  });

  it('settle in lane order, with what was rejected in its place', async () => {
    const world = build(3);
    await world.play(renaming(1), renaming(9), renaming(2), renaming(3));
    expect(await world.endings('T-2')).toEqual(['group-not-found']);
    expect(world.written()).toEqual([1, 2, 3].map(idOf));
  });

  it('do not lie aside when the next change is of the same group, whatever it is called', async () => {
    const world = build(3);
    const again = { action: 'update', group: { name: 'Renamed 1' }, set: { description: 'second' } };
    await world.play(renaming(1), again, renaming(2, 'Group 1'));
    await expectApplied(world, 1, 2, 3);
    expect(world.group(idOf(1))).toMatchObject({ name: 'Renamed 1', description: 'second' });
    expect(world.group(idOf(2))?.name).toBe('Group 1');
  });

  it('do not lie aside when a name leads to one of them', async () => {
    const world = build(2);
    const again = { action: 'update', group: { name: 'By hand' }, set: { description: 'second' } };
    world.tenant.interfere = (method, argument) => {
      // Somebody renamed the group after our write: only ZPA knows that both changes concern one group.
      if (method === 'findGroups' && argument === 'By hand') world.tenant.edit(idOf(1), { name: 'By hand' });
      return undefined;
    };
    const overtaken = [{ field: 'name', expected: 'Renamed 1', found: 'By hand' }];
    expect(await world.play(renaming(1), again)).toMatchObject({ kind: 'applied', overtaken });
    await expectApplied(world, 2);
  });

  it('record what somebody edited before the look', async () => {
    const world = build(4);
    world.tenant.interfere = (method, argument) => {
      if (method === 'getGroup' && argument === idOf(4)) world.tenant.edit(idOf(2), { description: 'by hand' });
      return undefined;
    };
    await world.play(...upTo(4).map((n) => renaming(n)));
    const overtaken = [{ field: 'description', expected: '', found: 'by hand' }];
    expect(await world.outcome('T-2')).toMatchObject({ kind: 'applied', overtaken });
    await expectApplied(world, 1, 3, 4);
    expect(world.tenant.writes).toHaveLength(4);
  });

  it.each(['before', 'after'] as const)('go on after one without an answer, which is judged (%s)', async (effect) => {
    const world = build(4);
    failWrites(world, 2, LOST, effect);
    await world.play(...upTo(4).map((n) => renaming(n)));
    await expectApplied(world, ...upTo(4));
    expect(world.written()).toEqual(upTo(4).map(idOf));
  });

  it('leave only the refused one rejected', async () => {
    const world = build(4);
    failWrites(world, 3, aFault({ reason: 'no' }));
    await world.play(...upTo(4).map((n) => renaming(n)));
    expect(await world.endings()).toEqual(['applied', 'applied', 'zpa-refused', 'applied']);
  });

  it('wait for their look until ZPA can be read again, and are not written again', async () => {
    const world = build(4);
    let outages = 3;
    world.tenant.interfere = (method) => {
      if (method !== 'listGroups' || outages === 0) return undefined;
      outages -= 1;
      return { fault: UNREACHABLE };
    };
    await world.play(...upTo(4).map((n) => renaming(n)));
    await expectApplied(world, ...upTo(4));
    expect([world.tenant.writes.length, world.meter.total('LaneStopped')]).toEqual([4, 3]);
  });

  it('of which one does not show, settle the others and look for that one again', async () => {
    const world = build(4);
    let hidden = true;
    world.tenant.interfere = (method, argument) => {
      const group = world.group(idOf(2));
      if (method === 'listGroups' && group !== undefined) world.tenant.groups.delete(idOf(2));
      if (method === 'getGroup' && argument === idOf(2) && hidden && group === undefined) {
        hidden = false;
        world.addGroup({ id: idOf(2), name: 'Renamed 2' });
      }
      return undefined;
    };
    await world.play(...upTo(4).map((n) => renaming(n)));
    await expectApplied(world, ...upTo(4));
    expect(world.tenant.writes).toHaveLength(4);
  });
});
