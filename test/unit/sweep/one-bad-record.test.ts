import { describe, expect, it } from 'vitest';
import type { SweepPorts } from '../../../functions/sweep/ports.ts';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { aRejected } from '../../fakes/records.ts';
import { createLaneWorld, LANE, type LaneWorld } from '../apply/lane-world.ts';

const MINUTE = 60_000;
const forever = new AbortController().signal;
const sweep = (world: LaneWorld, over: Partial<SweepPorts> = {}) => sweepLanes({ ...world.ports, ...over }, forever);
const enable = (group: string) => ({ action: 'update', group: { name: group }, set: { enabled: true } });

type Stored = { group?: string; change?: Record<string, unknown> };

/** Stores a change as it stands after `state` of its life; each is about a group of its own unless `group` says. */
async function store(
  world: LaneWorld,
  key: string,
  state: Partial<ChangeRecord>,
  { group = key, change }: Stored = {},
) {
  const record = await world.accept(key, { ...enable(group), ...change });
  await world.ledger.writeChange({ ...record, ...state }, record.version);
}
const unsent = { state: 'accepted', sentAt: 0 } as const;
const due = (world: LaneWorld) => ({ state: 'scheduled', scheduledFor: world.clock.now(), sentAt: 0 }) as const;
const owing = (world: LaneWorld): Partial<ChangeRecord> => ({
  state: 'settled',
  outcome: aRejected({ at: world.clock.now() }),
  pending: ['dlq'],
});
const statesOf = async (world: LaneWorld, ...keys: string[]) =>
  await Promise.all(keys.map(async (key) => (await world.read(key)).state));

describe('one change that the sweeper cannot look after', () => {
  it('holds back nothing behind it when its owed sends cannot be sent', async () => {
    const world = createLaneWorld();
    await store(world, 'bad', owing(world));
    await store(world, 'sent', unsent);
    await store(world, 'released', due(world), { group: 'bad' });
    await world.clock.advance(MINUTE);
    const failures = { send: () => Promise.reject(new Error('too large')) };
    expect(await sweep(world, { failures })).toMatchObject({ finished: 0, sent: 1, released: 1, unfinished: 1 });
    expect(await statesOf(world, 'sent', 'released')).toEqual(['queued', 'queued']);
    expect(world.meter.counts).toContainEqual({ name: 'SweepChangeFailed', value: 1, dimensions: { lane: LANE } });
    expect(world.meter.total('SweepFailed')).toBe(1);
  });

  it('holds back nothing behind it when its message cannot be sent', async () => {
    const world = createLaneWorld();
    await store(world, 'bad', unsent);
    await store(world, 'sent', unsent);
    await world.clock.advance(MINUTE);
    const send: typeof world.queue.send = async (messages) => {
      if (messages.some(({ ref }) => ref.idempotencyKey === 'bad')) throw new Error('refused');
      await world.queue.send(messages);
    };
    expect(await sweep(world, { queue: { send } })).toMatchObject({ sent: 1, unfinished: 1 });
    expect(await statesOf(world, 'bad', 'sent')).toEqual(['accepted', 'queued']);
  });

  it('holds back what shares its group or its change set, what follows that, and nothing else, when it cannot be released', async () => {
    const world = createLaneWorld();
    const inSet = (index: number) => ({ change: { changeSet: { id: 'CHG1', index, size: 2, onReject: 'continue' } } });
    await store(world, 'bad', due(world), { group: 'A', ...inSet(1) });
    await store(world, 'same-group', due(world), { group: 'A' });
    await store(world, 'same-set', due(world), { group: 'B', ...inSet(2) });
    await store(world, 'after-that', due(world), { group: 'B' });
    await store(world, 'other', due(world), { group: 'C' });
    const writeChange: typeof world.ledger.writeChange = async (record, expected) => {
      if (record.ref.idempotencyKey === 'bad') throw new Error('refused');
      return await world.ledger.writeChange(record, expected);
    };
    expect(await sweep(world, { ledger: { ...world.ledger, writeChange } })).toMatchObject({
      released: 1,
      unfinished: 1,
    });
    expect(await statesOf(world, 'bad', 'same-group', 'same-set', 'after-that', 'other')).toEqual([
      'scheduled',
      'scheduled',
      'scheduled',
      'scheduled',
      'queued',
    ]);
    expect(await sweep(world)).toMatchObject({ released: 4, unfinished: 0 });
  });

  it('leaves the other pages to be released when one page cannot be sent', async () => {
    const world = createLaneWorld();
    for (let n = 0; n < 201; n += 1) await store(world, `S-${n}`, due(world));
    const send: typeof world.queue.send = async (messages) => {
      if (messages.some(({ ref }) => ref.idempotencyKey === 'S-7')) throw new Error('refused');
      await world.queue.send(messages);
    };
    expect(await sweep(world, { queue: { send } })).toMatchObject({ released: 201 });
    expect(await statesOf(world, 'S-0', 'S-200')).toEqual(['accepted', 'queued']);
    expect(world.meter.total('SweepChangeFailed')).toBe(200);
    await world.clock.advance(MINUTE);
    await sweep(world, { queue: { send } });
    expect(await statesOf(world, 'S-0', 'S-7', 'S-199')).toEqual(['queued', 'accepted', 'queued']);
  });
});

describe('lanes that a sweep has no time for', () => {
  it('are not said to have no open changes', async () => {
    const world = createLaneWorld();
    await store(world, 'T-1', unsent);
    expect(await sweepLanes(world.ports, AbortSignal.abort())).toMatchObject({ lanes: 0, missed: 1 });
    expect(world.meter.counts.filter(({ name }) => name === 'OpenChanges')).toEqual([]);
  });
});
