import { expect, it } from 'vitest';
import { releasedOutcome } from '../../../../shared/domain/intent/unknown-outcome.ts';
import { openIntents, releaseIntents } from '../../../../shared/ledger/release-intent.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

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
