import { describe, expect, it } from 'vitest';
import { requestedBack } from '../../../shared/domain/cancel.ts';
import type { ChangeRecord } from '../../../shared/domain/records.ts';
import { createLaneWorld, GROUP, type LaneWorld } from './lane-world.ts';

const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };
const adding = (id: string) => ({ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } });

async function askBack(world: LaneWorld, key: string): Promise<void> {
  const record = await world.read(key);
  const asked = requestedBack(record, 'desk', 'no longer needed', world.clock.now());
  if (asked !== undefined) await world.ledger.writeChange(asked, record.version);
}

const kinds = async (world: LaneWorld, changes: ChangeRecord[]) =>
  Promise.all(changes.map(async (change) => (await world.read(change.ref.idempotencyKey)).outcome?.kind));

describe('a change that was asked back', () => {
  it('before the worker takes it up is cancelled, and its neighbours are carried out', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('11', '12', '13');
    const changes = [];
    for (const id of ['11', '12', '13']) changes.push(await world.accept(`T-${id}`, adding(id)));
    await askBack(world, 'T-12');
    await world.settle(changes);
    expect(await kinds(world, changes)).toEqual(['applied', 'cancelled', 'applied']);
    expect(world.tenant.groups.get(GROUP)?.applicationIds).toEqual(['11', '13']);
    expect(world.outcomes.published.map((notice) => notice.outcome.kind)).toContain('cancelled');
  });

  it('while the worker reads for it is not written', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const change = await world.accept('T-1', rename);
    const { writeLane } = world.ledger;
    const ledger: typeof world.ledger = {
      ...world.ledger,
      // The request comes in the last moment: just before the intent is stored.
      async writeLane(record, expected) {
        if (record.intent !== undefined) await askBack(world, 'T-1');
        return writeLane(record, expected);
      },
    };
    await world.invoke([change], { ...world.ports, ledger });
    expect(await kinds(world, [change])).toEqual(['cancelled']);
    expect(world.tenant.writes).toHaveLength(0);
    expect((await world.ledger.readLane(change.ref.lane)).intent).toBeUndefined();
  });
});
