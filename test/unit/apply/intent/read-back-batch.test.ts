import { describe, expect, it } from 'vitest';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { anApplied } from '../../../fakes/records.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { groupIn, type Left, laneOf, leave, OURS, updating, watch, wroteAs } from './found-intent.ts';

const idOf = (n: number) => `${72057594037930000n + BigInt(n)}`;
const knowing = { learned: { acme: { writer: OURS } } };
const groups = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: idOf(n + 1), name: `Group ${n + 1}` }));

/** A rename of the n-th group that ZPA answered with success; `shown`: a read shows it. */
function renamed(
  world: LaneWorld,
  n: number,
  { shown = true, ...over }: Partial<Left> & { shown?: boolean } = {},
): Left {
  const before = groupIn(world, idOf(n));
  if (shown) wroteAs(world, idOf(n), { name: `Renamed ${n}` });
  const writes = [updating(before, { fields: { name: `Renamed ${n}` } })];
  return {
    writes,
    awaitingReadBack: true,
    intent: { cursor: 1, sendBefore: 0, answeredAt: world.clock.now() },
    ...over,
  };
}

const several = (world: LaneWorld, count: number, over: Parameters<typeof renamed>[2] = {}) =>
  Array.from({ length: count }, (_, n) => renamed(world, n + 1, over));
const methods = (calls: { method: string }[]) => calls.map(({ method }) => method);

/** Counts the listings and the groups that were consumed from each. */
function counting(world: LaneWorld) {
  const taken: number[] = [];
  const { zpaFor } = world.ports;
  world.ports.zpaFor = (tenant, limiter) => {
    const zpa = zpaFor(tenant, limiter);
    async function* listGroups(...args: Parameters<typeof zpa.listGroups>): AsyncIterable<SegmentGroup> {
      const place = taken.push(0) - 1;
      for await (const group of zpa.listGroups(...args)) {
        taken[place] = (taken[place] ?? 0) + 1;
        yield group;
      }
    }
    return { ...zpa, listGroups };
  };
  return taken;
}

describe('one look at what lies aside', () => {
  it('reads one group or two by themselves, and more of them by a listing', async () => {
    for (const [count, reads] of [
      [1, ['getGroup']],
      [2, ['getGroup', 'getGroup']],
      [3, ['listGroups']],
    ] as const) {
      const world = laneOf(...groups(3));
      const { readBack, outcome, lane } = await leave(world, ...several(world, count));
      const calls = watch(world);
      expect(await readBack()).toBeUndefined();
      expect(methods(calls)).toEqual(reads);
      for (let n = 1; n <= count; n += 1)
        expect(await outcome(`T-${n}`)).toMatchObject({ kind: 'applied', overtaken: [] });
      expect(lane()).not.toHaveProperty('answered');
    }
  });

  it('lists as many pages as cost no more than half the reads of each, and no further than needed', async () => {
    for (const [wanted, taken] of [
      [3, 500],
      [5, 1000],
    ] as const) {
      const strangers = Array.from({ length: 1100 }, (_, n) => ({ id: `9${n}`, name: `Stranger ${n}` }));
      const world = laneOf(...strangers, ...groups(6));
      const counts = counting(world);
      const { readBack } = await leave(world, ...several(world, wanted));
      await readBack();
      expect(counts).toEqual([taken]);
    }
    const world = laneOf(...groups(6));
    const counts = counting(world);
    const { readBack } = await leave(world, ...several(world, 3));
    await readBack();
    expect(counts).toEqual([3]);
  });

  it('leaves what the listing did not show to be read by itself', async () => {
    const strangers = Array.from({ length: 600 }, (_, n) => ({ id: `9${n}`, name: `Stranger ${n}` }));
    const world = laneOf(...groups(2), ...strangers, { id: idOf(3), name: 'Group 3' });
    const { readBack, finish, outcome, lane } = await leave(world, ...several(world, 3));
    await readBack();
    expect(await outcome('T-2')).toMatchObject({ kind: 'applied' });
    expect(await outcome('T-3')).toBeUndefined();
    expect(lane().intent?.writeId).toBe('write-3');
    await finish();
    expect(await outcome('T-3')).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toEqual([]);
  });

  it('settles in lane order, whatever was written first', async () => {
    const world = laneOf(...groups(2));
    const [first, second] = several(world, 2);
    if (first === undefined || second === undefined) throw new Error('two were written');
    const { readBack, session } = await leave(world, { ...first, members: [{}, {}] }, second);
    // The second member of the first write comes after the change of the second write.
    const [one, two] = session.lane().answered ?? [];
    if (one === undefined || two === undefined) throw new Error('two lie aside');
    session.stage({ answered: [two, one] });
    await readBack();
    expect(world.outcomes.published.map(({ ref }) => ref.idempotencyKey)).toEqual(['T-1', 'T-2', 'T-3']);
    expect(session.lane().through).toBe(3);
  });

  it('teaches who we are', async () => {
    const world = laneOf(...groups(1));
    const { readBack, lane } = await leave(world, ...several(world, 1));
    await readBack();
    expect(lane().learned).toEqual({ acme: { writer: OURS } });
  });

  it('takes for done only what shows', async () => {
    const world = laneOf(...groups(3));
    const [first, second, third] = [renamed(world, 1), renamed(world, 2, { shown: false }), renamed(world, 3)];
    const { readBack, outcome, lane } = await leave(world, first, second, third);
    await readBack();
    expect([(await outcome('T-1'))?.kind, await outcome('T-2'), (await outcome('T-3'))?.kind]).toEqual([
      ...['applied', undefined, 'applied'],
    ]);
    expect(lane()).toMatchObject({ intent: { writeId: 'write-2' } });
    expect(lane()).not.toHaveProperty('answered');
  });

  it('finishes what does not show one by one, the others lying aside until then', async () => {
    const world = laneOf(...groups(3));
    const { readBack, finish, lane, outcome } = await leave(
      world,
      ...several(world, 3, { shown: false, lane: knowing }),
    );
    await readBack();
    expect(lane()).toMatchObject({
      intent: { writeId: 'write-1' },
      answered: [{ writeId: 'write-2' }, { writeId: 'write-3' }],
    });
    for (const n of [1, 2, 3]) wroteAs(world, idOf(n), { name: `Renamed ${n}` });
    await finish();
    expect((await outcome('T-1'))?.kind).toBe('applied');
    await readBack();
    for (const key of ['T-2', 'T-3']) expect(await outcome(key)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toEqual([]);
  });

  it('leaves all of it aside that does not show while another intent is open', async () => {
    const world = laneOf(...groups(4));
    const open: Left = {
      ...renamed(world, 4, { shown: false }),
      awaitingReadBack: false,
      intent: { unanswered: 'timeout' },
    };
    const hidden = [1, 2].map((n) => renamed(world, n, { shown: false }));
    const { readBack, lane } = await leave(world, ...hidden, renamed(world, 3), open);
    await readBack();
    expect(lane()).toMatchObject({
      intent: { writeId: 'write-4' },
      answered: [{ writeId: 'write-1' }, { writeId: 'write-2' }],
    });
    expect(lane().answered).toHaveLength(2);
  });

  it('says of an open intent nothing where everything shows', async () => {
    const world = laneOf(...groups(2));
    const open: Left = {
      ...renamed(world, 2, { shown: false }),
      awaitingReadBack: false,
      intent: { unanswered: 'timeout' },
    };
    const { readBack, lane } = await leave(world, renamed(world, 1), open);
    await readBack();
    expect(lane().intent?.writeId).toBe('write-2');
    expect(lane()).not.toHaveProperty('answered');
  });

  it('tells the members of one write the same that a dead worker told the first of them', async () => {
    const world = laneOf(...groups(1));
    const overtaken = [{ field: 'description', expected: '', found: 'for a moment' }];
    const settled = { state: 'settled', outcome: anApplied({ writeId: 'write-1', overtaken }) } as const;
    const { readBack, finish, outcome } = await leave(world, {
      ...renamed(world, 1),
      members: [{ record: settled }, {}],
    });
    await readBack();
    await finish();
    expect(await outcome('T-2')).toMatchObject({ kind: 'applied', overtaken });
  });

  it('waits where ZPA cannot be read, and all of it still lies aside', async () => {
    const world = laneOf(...groups(2));
    const { readBack, lane, outcome } = await leave(world, ...several(world, 2));
    world.tenant.interfere = () => ({ fault: aFault({ code: 'unreachable', class: 'transient', scope: 'tenant' }) });
    expect(await readBack()).toMatchObject({ kind: 'wait', reason: 'unreachable' });
    expect(lane().answered).toHaveLength(2);
    expect(await outcome()).toBeUndefined();
  });

  it('does not take an error of ours for one of ZPA', async () => {
    const world = laneOf(...groups(1));
    const { readBack } = await leave(world, ...several(world, 1));
    world.tenant.interfere = () => {
      throw new TypeError('a bug of ours');
    };
    await expect(readBack()).rejects.toThrow('a bug of ours');
  });
});

describe('what lies aside', () => {
  it('keeps its place when a change behind it ends first', async () => {
    const world = laneOf({}, { id: idOf(2), name: 'Annex' }, { id: idOf(3), name: 'Yard' });
    const rename = (id: string, name: string) => ({ action: 'update', group: { id }, set: { name } });
    const closed = { ...rename(idOf(3), 'Court'), notAfter: new Date(world.clock.now()).toISOString() };
    const changes = [
      await world.accept('T-1', rename(GROUP, 'Depot')),
      await world.accept('T-2', closed),
      await world.accept('T-3', rename(idOf(2), 'Attic')),
      await world.accept('T-4', rename(idOf(3), 'Court')),
    ];
    await world.settle(changes);
    for (const change of changes) {
      const { idempotencyKey } = change.ref;
      expect((await world.read(idempotencyKey)).sequence).toBe(change.sequence);
    }
    expect(await world.read('T-2')).toMatchObject({ outcome: { code: 'window-closed' } });
    expect(world.outcomes.published[0]?.ref.idempotencyKey).toBe('T-2');
    expect((await world.ledger.readLane(changes[0]?.ref.lane ?? '')).skipped).toEqual([]);
  });
});
