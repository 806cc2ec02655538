import { expect, it } from 'vitest';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';

const setting = (set: Record<string, unknown>) => ({ action: 'update', group: { id: GROUP }, set });

/** A worker renames the group, settles a later change that needs no write, and dies before it writes the lane again. */
async function dieAfterSettling(world: LaneWorld) {
  const renamed = await world.accept('T-1', setting({ name: 'Depot' }));
  const place = await world.ledger.takeSequences(renamed.ref.lane, 1);
  const later = await world.accept('T-3', setting({ description: '' }));
  const last = await world.accept('T-4', setting({ enabled: true }));
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
  return { place, later, last };
}

it('a change that arrives below what a dead worker settled, and did not record, gets a new place', async () => {
  const world = createLaneWorld();
  world.addGroup();
  const { place, later, last } = await dieAfterSettling(world);
  expect(await world.read('T-3')).toMatchObject({ state: 'settled', sequence: 3 });
  expect((await world.ledger.readLane(later.ref.lane)).through).toBeLessThan(3);
  const late = await world.accept('T-2', setting({ description: 'north' }));
  const early = { ...late, sequence: place };
  await world.ledger.writeChange(early, late.version);
  await world.clock.advance(world.ports.timing.leaseMs);
  await world.settle([early, last]);
  expect((await world.read('T-2')).sequence).toBeGreaterThan(4);
  expect((await world.read('T-4')).sequence).toBe(4);
});
