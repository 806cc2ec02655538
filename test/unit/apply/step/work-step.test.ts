import { describe, expect, it } from 'vitest';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { interrupted } from '../../../fakes/interrupted.ts';
import { anApplied } from '../../../fakes/records.ts';
import { laneOf, watch } from '../intent/found-intent.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

const idOf = (n: number) => `${72057594037930000n + BigInt(n)}`;
const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };
const adding = (id: string, over: Record<string, unknown> = {}) => ({
  ...{ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } },
  ...over,
});
const described = (group: Record<string, unknown>, over: Record<string, unknown> = {}) => ({
  ...{ action: 'update', group, set: { description: 'south' } },
  ...over,
});
const laneWith = (world: LaneWorld, over: Partial<LaneRecord>) =>
  world.ledger.writeLane({ ...newLane(LANE), ...over }, 0);
const read = (world: LaneWorld) => world.ledger.readLane(LANE);
const outcomeOf = async (world: LaneWorld, key: string) => (await world.read(key)).outcome;
const methods = (calls: { method: string }[]) => calls.map(({ method }) => method);
const memberOf = ({ ref, generation, sequence }: ChangeRecord) => ({ ref, generation, sequence });

/** Records the lane as the ledger holds it at each write to ZPA. */
function lanesAtWrites(world: LaneWorld): LaneRecord[] {
  const lanes: LaneRecord[] = [];
  const { zpaFor } = world.ports;
  world.ports.zpaFor = (tenant, limiter) => {
    const zpa = zpaFor(tenant, limiter);
    const write: typeof zpa.write = async (...args) => {
      lanes.push(await read(world));
      return zpa.write(...args);
    };
    return { ...zpa, write };
  };
  return lanes;
}

describe('a change that met an error', () => {
  it('is not tried again before its time', async () => {
    const world = laneOf({});
    const change = await world.accept('T-1', rename);
    const retryAt = world.clock.now() + 10 * 60_000;
    const { ref, generation } = change;
    await laneWith(world, { trouble: { ref, generation, tries: 1, since: 1, retryAt } });
    expect(await world.invoke([change])).toHaveLength(1);
    expect(world.tenant.calls).toEqual([]);
    expect(world.deferral.deferred).toMatchObject([{ delayMs: 10 * 60_000 }]);
    expect(world.log.lines.find(({ message }) => message === 'deferred')?.fields).toMatchObject({ reason: 'retry' });
  });
});

describe('a crash is laid at the door of a change', () => {
  const crashed = async (members: string[], strikes: number) => {
    const world = laneOf({});
    const changes = [await world.accept('T-1', adding('11')), await world.accept('T-2', adding('12'))];
    const inHand = members.map((key) => changes.find(({ ref }) => ref.idempotencyKey === key) ?? changes[0]);
    const named = inHand.flatMap((record) => (record === undefined ? [] : [memberOf(record)]));
    return { world, changes, working: { members: named, strikes, since: 0 } };
  };

  it('that was alone in hand, and is again', async () => {
    const { world, changes, working } = await crashed(['T-1'], 3);
    await laneWith(world, { working, oneByOneUntil: 2 });
    await world.settle(changes);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({ code: 'worker-crashed' });
    expect(await outcomeOf(world, 'T-2')).toMatchObject({ kind: 'applied' });
  });

  it('and not of the one that comes after it', async () => {
    const { world, changes, working } = await crashed(['T-1'], 3);
    await laneWith(world, { working, oneByOneUntil: 2 });
    const [first, second] = changes;
    if (first === undefined || second === undefined) throw new Error('two were accepted');
    await world.ledger.writeChange({ ...first, state: 'settled', outcome: anApplied() }, first.version);
    await world.settle([second]);
    expect(await outcomeOf(world, 'T-2')).toMatchObject({ kind: 'applied' });
  });

  it('and of none of several', async () => {
    for (const members of [['T-1', 'T-2'], ['T-1']]) {
      const { world, changes, working } = await crashed(members, 3);
      await laneWith(world, { working });
      await world.settle(changes);
      for (const key of ['T-1', 'T-2']) expect(await outcomeOf(world, key)).toMatchObject({ kind: 'applied' });
      expect(world.tenant.writes).toHaveLength(1);
    }
    const { world, changes, working } = await crashed(['T-1', 'T-2'], 3);
    await laneWith(world, { working, oneByOneUntil: 2 });
    await world.settle(changes);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({ kind: 'applied' });
  });
});

describe('before a step is written the ledger knows', () => {
  it('what is in hand, how far the lane is, and what it leaves behind', async () => {
    const world = laneOf({}, { id: idOf(2), name: 'Annex' }, { id: idOf(3), name: 'Yard' });
    const lanes = lanesAtWrites(world);
    const closed = { ...adding('14'), notAfter: new Date(world.clock.now()).toISOString() };
    const changes = [
      await world.accept('T-1', adding('11')),
      await world.accept('T-2', described({ id: idOf(2) })),
      await world.accept('T-3', adding('12')),
      await world.accept('T-4', described({ id: idOf(3) })),
      await world.accept('T-5', closed),
    ];
    await world.settle(changes);
    expect(lanes.map(({ through, skipped }) => ({ through, skipped }))).toEqual([
      // T-5 cannot be combined with the others: the step ends before it and still contains T-4.
      { through: 0, skipped: [2] },
      // T-1 and T-3 await their read-back, and then T-2.
      { through: 0, skipped: [2, 1, 3] },
      { through: 0, skipped: [2, 1, 3] },
    ]);
    for (const [place, sequence] of [1, 2, 4].entries()) {
      expect(lanes[place]?.working?.members.map((member) => member.sequence)).toContain(sequence);
    }
    expect((await read(world)).skipped).toEqual([]);
    expect(await outcomeOf(world, 'T-5')).toMatchObject({ code: 'window-closed' });
  });

  it('what is left behind no longer, once it is settled', async () => {
    const world = laneOf({});
    await world.accept('T-1', rename);
    await laneWith(world, { through: 9, skipped: [1, 7, 8] });
    const lanes = lanesAtWrites(world);
    await world.invoke([await world.read('T-1')]);
    expect(lanes).toMatchObject([{ through: 9, skipped: [1] }]);
  });

  it('by one lane write for each, and one more that names them all', async () => {
    const world = laneOf(...[1, 2, 3, 4, 5, 6].map((n) => ({ id: idOf(n), name: `Group ${n}` })));
    const changes = [];
    for (const n of [1, 2, 3, 4, 5, 6]) changes.push(await world.accept(`T-${n}`, described({ id: idOf(n) })));
    let writes = 0;
    const ledger = interrupted(world.ledger, 'ledger', ({ method, phase }) => {
      if (method === 'writeLane' && phase === 'after') writes += 1;
    });
    expect(await world.invoke(changes, { ...world.ports, ledger })).toEqual([]);
    // The lane writes are: the lease, the named step, one intent per write, the release.
    expect(writes).toBe(3 + 6);
  });
});

describe('names of groups', () => {
  async function callsFor(...requests: Record<string, unknown>[]) {
    const world = createLaneWorld({ microtenants: { Default: '0', Berlin: '5' } });
    for (const n of [1, 2, 3, 4]) world.addGroup({ id: idOf(n), name: `Group ${n}` });
    const changes = [];
    for (const request of requests) {
      changes.push(await world.accept(`T-${changes.length + 1}`, { microtenant: 'Default', ...request }));
    }
    const calls = watch(world);
    await world.settle(changes);
    const first = calls.findIndex(({ method }) => method === 'write');
    return methods(calls.slice(0, first));
  }
  const named = (n: number, over = {}) => described({ name: `Group ${n}` }, over);
  const known = (n: number) => described({ id: idOf(n) });

  it('are listed for three changes that name theirs', async () => {
    expect(await callsFor(named(1), named(2), named(3))).toEqual(['listGroups', 'getGroup']);
  });

  it('are searched for where fewer do, or in other microtenants', async () => {
    expect(await callsFor(named(1), named(2))).toEqual(['findGroups', 'getGroup']);
    expect(await callsFor(named(1), named(2), known(3), known(4))).toEqual(['findGroups', 'getGroup']);
    const elsewhere = named(3, { microtenant: 'Berlin' });
    expect(await callsFor(named(1), named(2), elsewhere, known(4))).toEqual(['findGroups', 'getGroup']);
  });
});
