import { describe, expect, it } from 'vitest';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { anApplied } from '../../../fakes/records.ts';
import { laneOf, watch } from '../intent/found-intent.ts';
import { wrapZpa } from '../interfere.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';
import { adding, describing, idOf, iso, MINUTE, OTHER, rename, THIRD, taking, upTo } from '../requests.ts';

/** Records the lane as the ledger holds it at each write to ZPA. */
function lanesAtWrites(world: LaneWorld): LaneRecord[] {
  const lanes: LaneRecord[] = [];
  wrapZpa(world, (zpa) => ({
    async write(...args) {
      lanes.push(await world.lane());
      return zpa.write(...args);
    },
  }));
  return lanes;
}

it('a change that met an error is not tried again before its time', async () => {
  const world = laneOf({});
  const change = await world.accept('T-1', rename);
  const { ref, generation } = change;
  await world.setLane({ trouble: { ref, generation, tries: 1, since: 1, retryAt: world.clock.now() + 10 * MINUTE } });
  expect(await world.invoke([change])).toHaveLength(1);
  expect([world.tenant.calls, world.deferral.deferred]).toMatchObject([[], [{ delayMs: 10 * MINUTE }]]);
  expect(world.log.lines.find(({ message }) => message === 'deferred')?.fields).toMatchObject({ reason: 'retry' });
});

describe('a crash is laid at the door of a change', () => {
  it.each<[string, number, number | undefined, string[], number]>([
    ['that was alone in hand, and is again', 1, 2, ['worker-crashed', 'applied'], 1],
    ['and of none of several', 2, undefined, ['applied', 'applied'], 1],
    ['and of none of several, also where they are taken one by one', 2, 2, ['applied', 'applied'], 2],
    ['and not of one that is not alone again', 1, undefined, ['applied', 'applied'], 1],
  ])('%s', async (_, inHand, oneByOneUntil, endings, writes) => {
    const world = laneOf({});
    const changes = await world.acceptAll(adding('11'), adding('12'));
    const members = changes.slice(0, inHand).map(({ ref, generation, sequence }) => ({ ref, generation, sequence }));
    await world.setLane({
      working: { members, strikes: 3, since: 0 },
      ...(oneByOneUntil !== undefined && { oneByOneUntil }),
    });
    await world.settle(changes);
    expect([await world.endings(), world.tenant.writes.length]).toEqual([endings, writes]);
  });

  it('that crashes it again and again, after a worker that ran out of time with several in hand', async () => {
    const world = laneOf({}, { id: OTHER, name: 'Annex' });
    const changes = await world.acceptAll(describing(GROUP), describing(OTHER));
    const members = changes.map(({ ref, generation, sequence }) => ({ ref, generation, sequence }));
    await world.setLane({ working: { members, strikes: 0, since: world.clock.now() } });
    wrapZpa(world, ({ getGroup }) => ({
      getGroup: (id, scope) => (id === GROUP ? Promise.reject(new Error('crash')) : getGroup(id, scope)),
    }));
    for (let round = 0; round < 6; round += 1) {
      await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
      await world.invoke(changes).catch(() => []);
    }
    expect(await world.endings()).toEqual(['worker-crashed', 'applied']);
  });

  it('and not of the one that comes after it', async () => {
    const world = laneOf({});
    const [first, second] = await world.acceptAll(adding('11'), adding('12'));
    if (first === undefined || second === undefined) throw new Error('two were accepted');
    const { ref, generation, sequence } = first;
    const working = { members: [{ ref, generation, sequence }], strikes: 3, since: 0 };
    await world.setLane({ working, oneByOneUntil: 2 });
    await world.ledger.writeChange({ ...first, state: 'settled', outcome: anApplied() }, first.version);
    await world.settle([second]);
    expect(await world.endings('T-2')).toEqual(['applied']);
  });
});

describe('before a step is written the ledger knows', () => {
  it('what is in hand, how far the lane is, and what it leaves behind', async () => {
    const world = laneOf({}, { id: OTHER, name: 'Annex' }, { id: THIRD, name: 'Yard' });
    const lanes = lanesAtWrites(world);
    const closed = adding('14', { notAfter: iso(world.clock.now()) });
    await world.play(adding('11'), describing(OTHER), adding('12'), describing(THIRD), closed);
    expect(lanes.map(({ through, skipped }) => ({ through, skipped }))).toEqual([
      // T-5 cannot be combined with the others: the step ends before it and still contains T-4.
      { through: 0, skipped: [2] },
      // T-1 and T-3 await their read-back, and then T-2: they are passed over.
      { through: 0, skipped: [1, 2] },
      { through: 0, skipped: [1, 2, 3] },
    ]);
    for (const [place, sequence] of [1, 2, 4].entries())
      expect(lanes[place]?.working?.members.map((member) => member.sequence)).toContain(sequence);
    expect((await world.lane()).skipped).toEqual([]);
    expect(await world.endings('T-5')).toEqual(['window-closed']);
  });

  it('by its own name a change that is read back at once, so that a crash counts for it alone', async () => {
    const world = laneOf({}, { id: OTHER, name: 'Annex' }, { id: THIRD, name: 'Yard', applicationIds: ['11'] });
    const lanes = lanesAtWrites(world);
    await world.play(describing(OTHER), taking('11'));
    const named = lanes.map(({ working }) => working?.members.map(({ sequence }) => sequence));
    expect(named).toEqual([[1, 2], [2], [2]]);
  });

  it('every change of a step, also where an earlier step has named only some of them', async () => {
    const others = upTo(21).slice(1);
    const world = laneOf({}, ...others.map((n) => ({ id: idOf(n), name: `Group ${n}` })));
    const lanes = lanesAtWrites(world);
    await world.play(describing(OTHER), adding('11'), ...others.slice(1).map((n) => describing(idOf(n))), adding('12'));
    const [, second] = lanes;
    expect(second?.intent?.members.map(({ sequence }) => sequence)).toEqual([2, 22]);
    expect(second?.working?.members.map(({ sequence }) => sequence)).toEqual(expect.arrayContaining([2, 22]));
  });

  it('what is left behind no longer, once it is settled', async () => {
    const world = laneOf({});
    await world.setLane({ through: 9, skipped: [1, 7, 8] });
    const lanes = lanesAtWrites(world);
    await world.invoke(await world.acceptAll(rename));
    expect(lanes).toMatchObject([{ through: 9, skipped: [1] }]);
  });

  it('by one lane write for each, and one more that names them all', async () => {
    const world = laneOf(...upTo(6).map((n) => ({ id: idOf(n), name: `Group ${n}` })));
    const changes = await world.acceptAll(...upTo(6).map((n) => describing(idOf(n))));
    let writes = 0;
    const writeLane: typeof world.ledger.writeLane = (...args) => {
      writes += 1;
      return world.ledger.writeLane(...args);
    };
    expect(await world.invoke(changes, { ...world.ports, ledger: { ...world.ledger, writeLane } })).toEqual([]);
    // The lane writes are: the lease, the named step, one intent per write, the release.
    expect(writes).toBe(3 + 6);
  });
});

describe('names of groups', () => {
  const named = (n: number, microtenant = 'Default') => ({
    ...{ microtenant, action: 'update', group: { name: `Group ${n}` }, set: { description: 'south' } },
  });
  const known = (n: number) => ({ microtenant: 'Default', ...describing(idOf(n)) });

  it.each([
    ['are listed for three changes that name theirs', [named(1), named(2), named(3)], 'listGroups'],
    ['are searched for where fewer do', [named(1), named(2)], 'findGroups'],
    ['are searched for where others know their ids', [named(1), named(2), known(3), known(4)], 'findGroups'],
    ['or are in other microtenants', [named(1), named(2), named(3, 'Berlin'), known(4)], 'findGroups'],
  ])('%s', async (_, requests, first) => {
    const world = createLaneWorld({ microtenants: { Default: '0', Berlin: '5' } });
    for (const n of upTo(4)) world.addGroup({ id: idOf(n), name: `Group ${n}` });
    const calls = watch(world);
    await world.play(...requests);
    const asked = calls.slice(
      0,
      calls.findIndex(({ method }) => method === 'write'),
    );
    expect(asked.map(({ method }) => method)).toEqual([first, 'getGroup']);
  });
});
