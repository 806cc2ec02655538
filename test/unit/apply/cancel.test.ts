import { describe, expect, it } from 'vitest';
import { requestCancel } from '../../../shared/domain/ledger/cancellation.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { cancelChange, completeCancel, sentenceOf, supersedeChange } from '../../../shared/ledger/cancel-change.ts';
import { anApplied } from '../../fakes/records.ts';
import { groupIn, laneOf, leave, updating } from './intent/found-intent.ts';
import { createLaneWorld, GROUP, type LaneWorld } from './lane-world.ts';

const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };
const adding = (id: string) => ({ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } });

async function askBack(world: LaneWorld, key: string): Promise<void> {
  const record = await world.read(key);
  const asked = requestCancel(record, 'desk', 'no longer needed', world.clock.now());
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
      // The cancel request comes at the last moment, just before the intent is stored.
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

describe('whoever takes a change back', () => {
  const why = { by: 'desk', reason: 'no longer needed' };

  it('is told how that ended', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const { ref } = await world.accept('T-9', rename);
    const told = [await cancelChange(world.ports, ref, why)];
    expect((await world.read('T-9')).outcome).toMatchObject({ kind: 'cancelled', ...why });
    told.push(await cancelChange(world.ports, ref, why));
    const settled = await world.accept('T-8', rename);
    await world.settle([settled]);
    told.push(await cancelChange(world.ports, settled.ref, why));
    told.push(await cancelChange(world.ports, { ...ref, idempotencyKey: 'T-404' }, why));
    const { world: busy, outcome } = await leave(laneOf({}), {
      writes: [updating(groupIn(world), { fields: { name: 'Depot' } })],
    });
    told.push(await cancelChange(busy.ports, { ...ref, idempotencyKey: 'T-1' }, why));
    expect(await outcome()).toBeUndefined();
    expect(told.map(({ kind }) => kind)).toEqual(['cancelled', 'cancelled', 'settled', 'unknown', 'under-way']);
    expect(told.map(sentenceOf)).toEqual([
      expect.stringContaining('is cancelled and will not'),
      expect.stringContaining('is cancelled and will not'),
      'It is settled already: applied.',
      expect.stringContaining('no such change'),
      expect.stringContaining('being written to ZPA'),
    ]);
  });

  it('because another approval took its place ends it as superseded, unless it was asked back before', async () => {
    const world = createLaneWorld();
    const first = await world.accept('T-1', rename);
    const by = { by: 'CHG0000002', reason: 'approved anew' };
    expect(await supersedeChange(world.ports, first, by)).toMatchObject({
      kind: 'settled',
      record: { outcome: { kind: 'superseded', ...by } },
    });
    await world.accept('T-2', rename);
    await askBack(world, 'T-2');
    expect(await supersedeChange(world.ports, await world.read('T-2'), by)).toMatchObject({
      kind: 'cancelled',
      record: { outcome: { kind: 'cancelled', by: 'desk' } },
    });
    const over = { ...(await world.accept('T-3', rename)), state: 'settled' as const, outcome: anApplied() };
    expect(await supersedeChange(world.ports, over, by)).toMatchObject({ kind: 'settled' });
  });

  it('must have asked for it', async () => {
    const world = createLaneWorld();
    await expect(completeCancel(world.ports, await world.accept('T-1', rename))).rejects.toThrow('was not asked back');
  });
});
