import { expect, it } from 'vitest';
import { applyBatch } from '../../../../functions/apply/apply-batch.ts';
import { releasedOutcome } from '../../../../shared/domain/intent/unknown-outcome.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { openIntents, releaseIntents } from '../../../../shared/ledger/release-intent.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { wrapZpa } from '../interfere.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld, laneWith, toQueueRecord } from '../lane-world.ts';
import { describing, OTHER, THIRD, update } from '../requests.ts';

const setting = (set: Record<string, unknown>, id = GROUP) => ({ action: 'update', group: { id }, set });

/**
 * A worker renames the group, settles a later change that needs no write, of the group `laterOf`, and dies before it writes the lane
 * again.
 */
async function dieAfterSettling(world: LaneWorld, laterOf = GROUP) {
  const renamed = await world.accept('T-1', setting({ name: 'Depot' }));
  const place = await world.ledger.takeSequences(renamed.ref.lane, 1);
  const later = await world.accept('T-3', setting({ description: '' }, laterOf));
  const last = await world.accept('T-4', setting({ enabled: true }, laterOf));
  const ledger: typeof world.ledger = {
    ...world.ledger,
    async writeChange(record, expected) {
      const written = await world.ledger.writeChange(record, expected);
      if (record.ref.idempotencyKey === 'T-3' && record.pending.length === 0 && record.state === 'settled')
        throw new Error('the worker dies');
      return written;
    },
  };
  await world.invoke([renamed, later, last], { ...world.ports, ledger });
  return { place, last };
}

/** An operator ends the write that the dead worker has left. */
async function release(world: LaneWorld) {
  await world.clock.advance(2 * world.ports.timing.leaseMs);
  const lane = await world.ledger.readLane(LANE);
  const why = { by: 'lena (operator)', reason: 'the tenant is gone' };
  const outcomes = new Map(openIntents(lane).map((one) => [one, releasedOutcome(one, { live: null }, why)]));
  expect(await releaseIntents(world.ports, lane, outcomes, { owner: 'operator', leaseMs: 1 })).toHaveLength(1);
}

it.each([
  ['', GROUP, async () => undefined],
  [', also where an operator releases its write', '500', release],
] as const)(
  'a change that arrives below what a dead worker settled, and did not record, gets a new place%s',
  async (_, laterOf, before) => {
    const world = createLaneWorld();
    world.addGroup();
    world.addGroup({ id: '500', name: 'Room' });
    const { place, last } = await dieAfterSettling(world, laterOf);
    expect(await world.read('T-3')).toMatchObject({ state: 'settled', sequence: 3 });
    expect((await world.ledger.readLane(LANE)).through).toBeLessThan(3);
    await before(world);
    const late = await world.accept('T-2', setting({ description: 'north' }, laterOf));
    const early = { ...late, sequence: place };
    await world.ledger.writeChange(early, late.version);
    await world.clock.advance(world.ports.timing.leaseMs);
    await world.settle([early, last]);
    expect((await world.read('T-2')).sequence).toBeGreaterThan(4);
    expect((await world.read('T-4')).sequence).toBe(4);
  },
);

/** The time of an invocation is over as it reads back the write of the first of these. */
async function cutOffAtReadBack(world: LaneWorld, ...changes: ChangeRecord[]) {
  const over = new AbortController();
  const { interfere } = world.tenant;
  world.tenant.interfere = (method) => {
    if (method !== 'getGroup' || world.tenant.writes.length === 0) return undefined;
    over.abort();
    return { fault: aFault({ code: 'aborted', class: 'transient', scope: 'platform' }) };
  };
  const remainingMs = () => world.ports.timing.functionTimeoutMs;
  await applyBatch(world.ports, changes.map(toQueueRecord), { remainingMs, signal: over.signal });
  world.tenant.interfere = interfere;
}

it('a change keeps its place that is written before a later one settles, though it shows after that', async () => {
  const world = laneWith([{}, { id: OTHER, name: 'Annex' }, { id: THIRD, name: 'Yard' }]);
  const place = await world.ledger.takeSequences(LANE, 2);
  const ahead = await world.accept('T-3', describing());
  const last = await world.accept('T-4', update(GROUP, { set: { enabled: true } }));
  await cutOffAtReadBack(world, ahead, last);
  expect(await world.lane()).toMatchObject({ through: 0, answered: [{ members: [{ sequence: 3 }] }] });
  const late: ChangeRecord[] = [];
  for (const [index, id] of [OTHER, THIRD].entries()) {
    const record = await world.accept(`T-${index + 1}`, describing(id));
    late.push({ ...record, sequence: place + index });
    await world.ledger.writeChange({ ...record, sequence: place + index }, record.version);
  }
  // The listing shows the first of the writes only.
  const before = new Map([OTHER, THIRD].map((id) => [id, world.group(id)]));
  wrapZpa(world, (zpa) => ({
    async *listGroups(...args) {
      for await (const group of zpa.listGroups(...args)) yield { ...group, ...before.get(group.id) };
    },
  }));
  await world.settle([...late, ahead, last]);
  expect(await world.endings()).toEqual(['applied', 'applied', 'applied', 'applied']);
  for (const n of [1, 2, 3, 4]) expect((await world.read(`T-${n}`)).sequence).toBe(n);
  expect(world.written()).toEqual([GROUP, OTHER, THIRD, GROUP]);
});
