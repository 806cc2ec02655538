import { describe, expect, it } from 'vitest';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, LANE, type LaneWorld } from '../lane-world.ts';

const groupId = (n: number) => `${72057594037930000n + BigInt(n)}`;
const named = (n: number, name = `Renamed ${n}`) => ({
  action: 'update',
  group: { id: groupId(n) },
  set: { name },
});
const lost = aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' });

function build(groups: number): LaneWorld {
  const world = createLaneWorld();
  for (let n = 1; n <= groups; n += 1) world.addGroup({ id: groupId(n), name: `Group ${n}` });
  world.addApplications('11', '12', '13');
  return world;
}

async function acceptAll(world: LaneWorld, requests: readonly Record<string, unknown>[]): Promise<ChangeRecord[]> {
  const changes: ChangeRecord[] = [];
  for (const [index, request] of requests.entries()) changes.push(await world.accept(`T-${index + 1}`, request));
  return changes;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const outcomeOf = async (world: LaneWorld, n: number) => (await world.read(`T-${n}`)).outcome;
const countOf = (world: LaneWorld, method: string) => world.tenant.calls.filter((c) => c.method === method).length;
const writtenGroups = (world: LaneWorld) => world.tenant.writes.map((w) => (w.kind === 'update' ? w.groupId : w.kind));

/** Fails the n-th write. */
function failWrite(world: LaneWorld, failing: number, fault = aFault(), effect: 'before' | 'after' = 'before') {
  let writes = 0;
  world.tenant.interfere = (method) => {
    if (method !== 'write') return undefined;
    writes += 1;
    return failing === writes ? { fault, effect } : undefined;
  };
}

describe('writes of several groups', () => {
  it('are each decided on a read of their own, and read back by one listing', async () => {
    const world = build(8);
    await world.settle(
      await acceptAll(
        world,
        upTo(8).map((n) => named(n)),
      ),
    );
    for (const n of upTo(8)) expect(await outcomeOf(world, n)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(writtenGroups(world)).toEqual(upTo(8).map(groupId));
    expect(countOf(world, 'getGroup')).toBe(8);
    expect(countOf(world, 'listGroups')).toBe(1);
    expect((await world.ledger.readLane(LANE)).answered).toBeUndefined();
  });

  it('asked for by name are found by one listing, and read by their ids', async () => {
    const world = build(8);
    const described = (n: number) => ({
      action: 'update',
      group: { name: `Group ${n}` },
      set: { description: `As of ${n}` },
    });
    // Between the listing and the group's own read, the group gets another name, and a new group gets its old name.
    let renamed = false;
    world.tenant.interfere = (method, id) => {
      if (method !== 'getGroup' || id !== groupId(5) || renamed) return undefined;
      renamed = true;
      world.tenant.edit(groupId(5), { name: 'Formerly 5' });
      world.addGroup({ id: groupId(9), name: 'Group 5' });
      return undefined;
    };
    await world.settle(await acceptAll(world, [...upTo(8).map(described), described(404)]));
    for (const n of upTo(8)) expect(await outcomeOf(world, n)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(await outcomeOf(world, 9)).toMatchObject({ kind: 'rejected', code: 'group-not-found' });
    expect(writtenGroups(world)).toEqual([1, 2, 3, 4, 9, 6, 7, 8].map(groupId));
    // One search is for the renamed group, two are for the missing one.
    expect(countOf(world, 'findGroups')).toBe(3);
    expect(countOf(world, 'listGroups')).toBe(2);
  });

  it('take as long as the budget of writes says, not that of reads', async () => {
    const world = build(40);
    const started = world.clock.now();
    const described = (n: number) => ({
      action: 'update',
      group: { id: groupId(n) },
      set: { description: `As of ${n}` },
    });
    await world.settle(await acceptAll(world, upTo(40).map(described)));
    // Forty writes fill four windows; the worker waits for the last three.
    const windows = (world.clock.now() - started) / world.ports.timing.budgetWindowMs;
    expect(windows).toBeGreaterThanOrEqual(3);
    expect(windows).toBeLessThan(3.1);
    expect(world.tenant.writes).toHaveLength(40);
  });

  it('need few more reads than writes at any pace, and wait for their look no longer than a rate window', async () => {
    const world = build(40);
    const answeredAt = new Map<string, number>();
    // One write a second in the last ten seconds: the next writes keep that pace.
    const writes = upTo(10).map((n) => world.clock.now() - 10_000 + n * 1000);
    await world.ledger.writeLane({ ...newLane(LANE), budget: { reads: [], writes, notBefore: 0 } }, 0);
    const ports: LaneWorld['ports'] = {
      ...world.ports,
      zpaFor: (tenant, limiter) => {
        const zpa = world.ports.zpaFor(tenant, limiter);
        return {
          ...zpa,
          async getGroup(id, options) {
            await world.clock.sleep(400);
            return zpa.getGroup(id, options);
          },
          async write(write, before, options) {
            const answer = await zpa.write(write, before, options);
            await world.clock.sleep(400);
            answeredAt.set(answer.groupId, world.clock.now());
            return answer;
          },
        };
      },
    };
    const described = (n: number) => ({
      action: 'update',
      group: { id: groupId(n) },
      set: { description: `As of ${n}` },
    });
    const changes = await acceptAll(world, upTo(40).map(described));
    for (let round = 0; round < 10 && (await world.invoke(changes, ports)).length > 0; round += 1);
    const reads = world.tenant.calls.filter(({ method }) => method !== 'write').length;
    expect(reads).toBeLessThanOrEqual(40 + 8);
    for (const n of upTo(40)) {
      const settledAt = (await outcomeOf(world, n))?.at ?? Number.POSITIVE_INFINITY;
      expect(settledAt - (answeredAt.get(groupId(n)) ?? 0)).toBeLessThanOrEqual(world.ports.timing.budgetWindowMs);
    }
  });

  it('settle in lane order, with what was rejected in its place', async () => {
    const world = build(3);
    await world.settle(await acceptAll(world, [named(1), named(9), named(2), named(3)]));
    expect(await outcomeOf(world, 2)).toMatchObject({ kind: 'rejected', code: 'group-not-found' });
    expect(writtenGroups(world)).toEqual([groupId(1), groupId(2), groupId(3)]);
  });

  it('do not lie aside when the next change is of the same group, whatever it is called', async () => {
    const world = build(3);
    const again = { action: 'update', group: { name: 'Renamed 1' }, set: { description: 'second' } };
    const formerly = { action: 'update', group: { id: groupId(2) }, set: { name: 'Group 1' } };
    await world.settle(await acceptAll(world, [named(1), again, formerly]));
    for (const n of upTo(3)) expect(await outcomeOf(world, n)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.groups.get(groupId(1))).toMatchObject({ name: 'Renamed 1', description: 'second' });
    expect(world.tenant.groups.get(groupId(2))?.name).toBe('Group 1');
  });

  it('do not lie aside when a name leads to one of them', async () => {
    const world = build(2);
    const again = { action: 'update', group: { name: 'By hand' }, set: { description: 'second' } };
    world.tenant.interfere = (method, argument) => {
      // Somebody renamed the group after our write: only ZPA knows that both changes concern one group.
      if (method === 'findGroups' && argument === 'By hand') world.tenant.edit(groupId(1), { name: 'By hand' });
      return undefined;
    };
    await world.settle(await acceptAll(world, [named(1), again]));
    const overtaken = [{ field: 'name', expected: 'Renamed 1', found: 'By hand' }];
    expect(await outcomeOf(world, 1)).toMatchObject({ kind: 'applied', overtaken });
    expect(await outcomeOf(world, 2)).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it('record what somebody edited before the look', async () => {
    const world = build(4);
    world.tenant.interfere = (method, argument) => {
      if (method === 'getGroup' && argument === groupId(4)) world.tenant.edit(groupId(2), { description: 'by hand' });
      return undefined;
    };
    await world.settle(
      await acceptAll(
        world,
        upTo(4).map((n) => named(n)),
      ),
    );
    expect(await outcomeOf(world, 2)).toMatchObject({
      kind: 'applied',
      overtaken: [{ field: 'description', expected: '', found: 'by hand' }],
    });
    for (const n of [1, 3, 4]) expect(await outcomeOf(world, n)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toHaveLength(4);
  });

  it.each(['before', 'after'] as const)('go on after one without an answer, which is judged (%s)', async (effect) => {
    const world = build(4);
    failWrite(world, 2, lost, effect);
    await world.settle(
      await acceptAll(
        world,
        upTo(4).map((n) => named(n)),
      ),
    );
    for (const n of upTo(4)) expect(await outcomeOf(world, n)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(writtenGroups(world)).toEqual(upTo(4).map(groupId));
  });

  it('leave only the refused one rejected', async () => {
    const world = build(4);
    failWrite(world, 3, aFault({ reason: 'no' }));
    await world.settle(
      await acceptAll(
        world,
        upTo(4).map((n) => named(n)),
      ),
    );
    expect(await outcomeOf(world, 3)).toMatchObject({ kind: 'rejected', code: 'zpa-refused' });
    for (const n of [1, 2, 4]) expect((await outcomeOf(world, n))?.kind).toBe('applied');
  });

  it('wait for their look until ZPA can be read again, and are not written again', async () => {
    const world = build(4);
    let outages = 3;
    world.tenant.interfere = (method) => {
      if (method !== 'listGroups' || outages === 0) return undefined;
      outages -= 1;
      return { fault: aFault({ code: 'unreachable', class: 'transient', scope: 'tenant' }) };
    };
    await world.settle(
      await acceptAll(
        world,
        upTo(4).map((n) => named(n)),
      ),
    );
    for (const n of upTo(4)) expect(await outcomeOf(world, n)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toHaveLength(4);
    expect(world.meter.total('LaneStopped')).toBe(3);
  });

  it('of which one does not show, settle the others and look for that one again', async () => {
    const world = build(4);
    let hidden = true;
    world.tenant.interfere = (method, argument) => {
      const group = world.tenant.groups.get(groupId(2));
      if (method === 'listGroups' && group !== undefined) world.tenant.groups.delete(groupId(2));
      if (method === 'getGroup' && argument === groupId(2) && hidden && group === undefined) {
        hidden = false;
        world.addGroup({ id: groupId(2), name: 'Renamed 2' });
      }
      return undefined;
    };
    await world.settle(
      await acceptAll(
        world,
        upTo(4).map((n) => named(n)),
      ),
    );
    for (const n of upTo(4)) expect(await outcomeOf(world, n)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toHaveLength(4);
  });
});
