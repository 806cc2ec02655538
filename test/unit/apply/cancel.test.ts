import { describe, expect, it } from 'vitest';
import { requestCancel } from '../../../shared/domain/ledger/cancellation.ts';
import { cancelChange, completeCancel, sentenceOf, supersedeChange } from '../../../shared/ledger/cancel-change.ts';
import { anApplied } from '../../fakes/records.ts';
import { groupIn, laneOf, leave, updating } from './intent/found-intent.ts';
import { createLaneWorld, type LaneWorld } from './lane-world.ts';
import { adding, rename } from './requests.ts';

async function askBack(world: LaneWorld, key: string): Promise<void> {
  const record = await world.read(key);
  const asked = requestCancel(record, 'desk', 'no longer needed', world.clock.now());
  if (asked !== undefined) await world.ledger.writeChange(asked, record.version);
}

describe('a change that was asked back', () => {
  it('before the worker takes it up is cancelled, and its neighbours are carried out', async () => {
    const world = laneOf({});
    const changes = await world.acceptAll(adding('11'), adding('12'), adding('13'));
    await askBack(world, 'T-2');
    await world.settle(changes);
    expect(await world.endings()).toEqual(['applied', 'cancelled', 'applied']);
    expect(world.group()?.applicationIds).toEqual(['11', '13']);
    expect(world.outcomes.published.map((notice) => notice.outcome.kind)).toContain('cancelled');
  });

  it('while the worker reads for it is not written', async () => {
    const world = laneOf({});
    const changes = await world.acceptAll(rename);
    // The cancel request comes at the last moment, just before the intent is stored.
    const writeLane: typeof world.ledger.writeLane = async (record, expected) => {
      if (record.intent !== undefined) await askBack(world, 'T-1');
      return world.ledger.writeLane(record, expected);
    };
    await world.invoke(changes, { ...world.ports, ledger: { ...world.ledger, writeLane } });
    expect([await world.endings(), world.tenant.writes]).toEqual([['cancelled'], []]);
    expect((await world.lane()).intent).toBeUndefined();
  });
});

describe('whoever takes a change back', () => {
  const why = { by: 'desk', reason: 'no longer needed' };

  it('is told how that ended', async () => {
    const world = laneOf({});
    const { ref } = await world.accept('T-9', rename);
    const told = [await cancelChange(world.ports, ref, why)];
    expect(await world.outcome('T-9')).toMatchObject({ kind: 'cancelled', ...why });
    told.push(await cancelChange(world.ports, ref, why));
    const settled = await world.accept('T-8', rename);
    await world.settle([settled]);
    told.push(await cancelChange(world.ports, settled.ref, why));
    told.push(await cancelChange(world.ports, { ...ref, idempotencyKey: 'T-404' }, why));
    const left = laneOf({});
    const { world: busy, outcome } = await leave(left, {
      ...{ writes: [updating(groupIn(left), { fields: { name: 'Depot' } })] },
    });
    told.push(await cancelChange(busy.ports, { ...ref, idempotencyKey: 'T-1' }, why));
    expect(await outcome()).toBeUndefined();
    expect(told.map((one) => [one.kind, sentenceOf(one)])).toEqual([
      ['cancelled', expect.stringContaining('is cancelled and will not')],
      ['cancelled', expect.stringContaining('is cancelled and will not')],
      ['settled', 'It has ended already: applied.'],
      ['unknown', expect.stringContaining('no such change')],
      ['under-way', expect.stringContaining('being written to ZPA')],
    ]);
  });

  it('because another approval took its place ends it as superseded, unless it was asked back before', async () => {
    const world = createLaneWorld();
    const by = { by: 'CHG0000002', reason: 'approved anew' };
    const [first, , third] = await world.acceptAll(rename, rename, rename);
    if (first === undefined || third === undefined) throw new Error('three were accepted');
    const superseded = { kind: 'settled', record: { outcome: { kind: 'superseded', ...by } } };
    expect(await supersedeChange(world.ports, first, by)).toMatchObject(superseded);
    await askBack(world, 'T-2');
    const cancelled = { kind: 'cancelled', record: { outcome: { kind: 'cancelled', by: 'desk' } } };
    expect(await supersedeChange(world.ports, await world.read('T-2'), by)).toMatchObject(cancelled);
    const over = { ...third, state: 'settled' as const, outcome: anApplied() };
    expect(await supersedeChange(world.ports, over, by)).toMatchObject({ kind: 'settled' });
  });

  it('must have asked for it', async () => {
    const world = createLaneWorld();
    await expect(completeCancel(world.ports, await world.accept('T-1', rename))).rejects.toThrow('was not asked back');
  });
});
