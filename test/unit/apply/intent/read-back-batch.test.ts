import { describe, expect, it } from 'vitest';
import { anApplied } from '../../../fakes/records.ts';
import { wrapZpa } from '../interfere.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { idOf, iso, OTHER, THIRD, UNREACHABLE, update, upTo } from '../requests.ts';
import { groupIn, KNOWING, type Left, laneOf, leave, OURS, updating, watch, wroteAs } from './found-intent.ts';

const groups = (count: number) => upTo(count).map((n) => ({ id: idOf(n), name: `Group ${n}` }));
const strangers = (count: number) => upTo(count).map((n) => ({ id: `9${n}`, name: `Stranger ${n}` }));
type Over = Partial<Left> & { shown?: boolean };

/** A rename of the n-th group that ZPA answered with success; `shown`: a read shows it. */
function renamed(world: LaneWorld, n: number, { shown = true, ...over }: Over = {}): Left {
  const before = groupIn(world, idOf(n));
  if (shown) wroteAs(world, idOf(n), { name: `Renamed ${n}` });
  const writes = [updating(before, { fields: { name: `Renamed ${n}` } })];
  const intent = { cursor: 1, sendBefore: 0, answeredAt: world.clock.now() };
  return { writes, awaitingReadBack: true, intent, ...over };
}
/** An intent that is open, without an answer. */
const open = (world: LaneWorld, n: number) =>
  renamed(world, n, { shown: false, awaitingReadBack: false, intent: { unanswered: 'timeout' } });

/** Such writes of the first groups lie aside in this world. */
const aside = (world: LaneWorld, count: number, over: Over = {}) =>
  leave(world, ...upTo(count).map((n) => renamed(world, n, over)));

/** Counts the listings and the groups that were consumed from each. */
function counting(world: LaneWorld) {
  const taken: number[] = [];
  wrapZpa(world, (zpa) => ({
    async *listGroups(...args) {
      const place = taken.push(0) - 1;
      for await (const group of zpa.listGroups(...args)) {
        taken[place] = (taken[place] ?? 0) + 1;
        yield group;
      }
    },
  }));
  return taken;
}

describe('one look at what lies aside', () => {
  it.each([
    [1, ['getGroup']],
    [2, ['getGroup', 'getGroup']],
    [3, ['listGroups']],
  ])('reads one group or two by themselves, and more of them by a listing: %i', async (count, reads) => {
    const world = laneOf(...groups(3));
    const { readBack, outcome, lane } = await aside(world, count);
    const calls = watch(world);
    expect(await readBack()).toBeUndefined();
    expect(calls.map(({ method }) => method)).toEqual(reads);
    for (const n of upTo(count)) expect(await outcome(`T-${n}`)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(lane()).not.toHaveProperty('answered');
    expect(lane().learned).toEqual({ acme: { writer: OURS } });
  });

  it.each([
    [3, 1100, 500],
    [5, 1100, 1000],
    [3, 0, 3],
  ])('of %i beside %i lists no further than needed, and no more pages than cost half the reads: %i', async (...row) => {
    const [wanted, others, taken] = row;
    const world = laneOf(...strangers(others), ...groups(6));
    const counts = counting(world);
    const { readBack } = await aside(world, wanted);
    await readBack();
    expect(counts).toEqual([taken]);
  });

  it('leaves what the listing did not show to be read by itself', async () => {
    const world = laneOf(...groups(2), ...strangers(600), { id: idOf(3), name: 'Group 3' });
    const { readBack, finish, outcome, lane } = await aside(world, 3);
    await readBack();
    expect(await world.endings()).toEqual(['applied', 'applied', 'open']);
    expect(lane().intent?.writeId).toBe('write-3');
    await finish();
    expect(await outcome('T-3')).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toEqual([]);
  });

  it('settles in lane order, whatever was written first', async () => {
    const world = laneOf(...groups(2));
    const { readBack, session } = await leave(world, renamed(world, 1, { members: [{}, {}] }), renamed(world, 2));
    // The second member of the first write comes after the change of the second write.
    session.stage({ answered: session.lane().answered?.toReversed() });
    await readBack();
    expect(world.outcomes.published.map(({ ref }) => ref.idempotencyKey)).toEqual(['T-1', 'T-2', 'T-3']);
    expect(session.lane().through).toBe(3);
  });

  it('takes for done only what shows', async () => {
    const world = laneOf(...groups(3));
    const { readBack, lane } = await leave(
      ...([world, renamed(world, 1), renamed(world, 2, { shown: false }), renamed(world, 3)] as const),
    );
    await readBack();
    expect(await world.endings()).toEqual(['applied', 'open', 'applied']);
    expect(lane()).toMatchObject({ intent: { writeId: 'write-2' } });
    expect(lane()).not.toHaveProperty('answered');
  });

  it('finishes what does not show one by one, the others lying aside until then', async () => {
    const world = laneOf(...groups(3));
    const { readBack, ends, lane, outcome } = await aside(world, 3, { shown: false, lane: KNOWING });
    await readBack();
    const answered = [{ writeId: 'write-2' }, { writeId: 'write-3' }];
    expect(lane()).toMatchObject({ intent: { writeId: 'write-1' }, answered });
    for (const n of [1, 2, 3]) wroteAs(world, idOf(n), { name: `Renamed ${n}` });
    expect((await ends())?.kind).toBe('applied');
    await readBack();
    for (const key of ['T-2', 'T-3']) expect(await outcome(key)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toEqual([]);
  });

  it('settles nothing by a listing that is older than what the lane has seen of the group', async () => {
    const world = laneOf(...groups(3));
    const { readBack, session, lane } = await aside(world, 3);
    const at = world.clock.now();
    const newer = { groupId: idOf(1), microtenantId: '0', at, name: 'Renamed 1', modifiedTime: at };
    session.stage({ seen: [newer] });
    await readBack();
    expect(await world.endings()).toEqual(['open', 'applied', 'applied']);
    expect(lane().intent?.writeId).toBe('write-1');
    // The lane knows from now on how the listing showed the others.
    expect(lane().seen?.map(({ groupId }) => groupId)).toEqual([1, 2, 3].map(idOf));
  });

  it('leaves all of it aside that does not show while another intent is open', async () => {
    const world = laneOf(...groups(4));
    const hidden = [1, 2].map((n) => renamed(world, n, { shown: false }));
    const { readBack, lane } = await leave(world, ...hidden, renamed(world, 3), open(world, 4));
    await readBack();
    expect(lane().intent?.writeId).toBe('write-4');
    expect(lane().answered?.map(({ writeId }) => writeId)).toEqual(['write-1', 'write-2']);
  });

  it('says of an open intent nothing where everything shows', async () => {
    const world = laneOf(...groups(2));
    const { readBack, lane } = await leave(world, renamed(world, 1), open(world, 2));
    await readBack();
    expect(lane().intent?.writeId).toBe('write-2');
    expect(lane()).not.toHaveProperty('answered');
  });

  it('tells the members of one write the same that a dead worker told the first of them', async () => {
    const world = laneOf(...groups(1));
    const overtaken = [{ field: 'description', expected: '', found: 'for a moment' }];
    const settled = { state: 'settled', outcome: anApplied({ writeId: 'write-1', overtaken }) } as const;
    const { readBack, ends } = await leave(world, renamed(world, 1, { members: [{ record: settled }, {}] }));
    await readBack();
    expect(await ends('T-2')).toMatchObject({ kind: 'applied', overtaken });
  });

  it('waits where ZPA cannot be read, and all of it still lies aside', async () => {
    const world = laneOf(...groups(2));
    const { readBack, lane, outcome } = await aside(world, 2);
    world.tenant.interfere = () => ({ fault: UNREACHABLE });
    expect(await readBack()).toMatchObject({ kind: 'wait', reason: 'unreachable' });
    expect(lane().answered).toHaveLength(2);
    expect(await outcome()).toBeUndefined();
  });

  it('does not take an error of ours for one of ZPA', async () => {
    const { world, readBack } = await aside(laneOf(...groups(1)), 1);
    world.tenant.interfere = () => {
      throw new TypeError('a bug of ours');
    };
    await expect(readBack()).rejects.toThrow('a bug of ours');
  });
});

it('what lies aside keeps its place when a change behind it ends first', async () => {
  const world = laneOf({}, { id: OTHER, name: 'Annex' }, { id: THIRD, name: 'Yard' });
  const renaming = (id: string, name: string) => update(id, { set: { name } });
  const closed = { ...renaming(THIRD, 'Court'), notAfter: iso(world.clock.now()) };
  const changes = [renaming(GROUP, 'Depot'), closed, renaming(OTHER, 'Attic'), renaming(THIRD, 'Court')];
  await world.play(...changes);
  for (const n of upTo(4)) expect((await world.read(`T-${n}`)).sequence).toBe(n);
  expect(await world.endings('T-2')).toEqual(['window-closed']);
  expect(world.outcomes.published[0]?.ref.idempotencyKey).toBe('T-2');
  expect((await world.lane()).skipped).toEqual([]);
});
