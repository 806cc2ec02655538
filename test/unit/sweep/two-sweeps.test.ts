import { expect, it } from 'vitest';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../apply/lane-world.ts';

const MINUTE = 60_000;
const forever = new AbortController().signal;

async function schedule(world: LaneWorld, key: string, at: number): Promise<ChangeRecord> {
  const rename = { action: 'update', group: { id: GROUP }, set: { name: key } };
  const record = await world.accept(key, { ...rename, notBefore: new Date(at).toISOString() });
  const scheduled: ChangeRecord = { ...record, state: 'scheduled', scheduledFor: at, sentAt: 0 };
  await world.ledger.writeChange(scheduled, record.version);
  return { ...scheduled, version: record.version + 1 };
}

// Without a rule for it, each sweep would release one change, and the sweep with the later places the first one.
it('two sweeps side by side release scheduled changes of one group in the order of their acceptance', async () => {
  const world = createLaneWorld();
  world.addGroup();
  const at = world.clock.now() + MINUTE;
  const changes = [await schedule(world, 'first', at), await schedule(world, 'second', at)];
  await world.clock.advance(2 * MINUTE);

  // Sweep A has taken its places. Sweep B then takes later ones and releases "first"; then A goes on.
  const places = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const slow = interrupted(world.ports.ledger, 'ledger', async ({ method, phase }) => {
    if (method !== 'takeSequences' || phase !== 'after') return;
    places.resolve();
    await goOn.promise;
  });
  const a = sweepLanes({ ...world.ports, ledger: slow }, forever);
  await places.promise;
  let met = false;
  const quick = interrupted(world.ports.ledger, 'ledger', async ({ method, phase }) => {
    if (met || method !== 'writeChange' || phase !== 'after') return;
    met = true;
    goOn.resolve();
    await a;
  });
  await sweepLanes({ ...world.ports, ledger: quick }, forever);
  await a;

  await world.settle(changes);
  const names = world.tenant.writes.map((write) => write.kind === 'update' && write.fields.name);
  expect(names).toEqual(['first', 'second']);
});
