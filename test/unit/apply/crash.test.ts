import { describe, expect, it } from 'vitest';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { dyingAt } from './dying-worker.ts';
import { createLaneWorld, GROUP, type LaneWorld } from './lane-world.ts';

type Scene = { name: string; accept: (world: LaneWorld) => Promise<ChangeRecord[]>; effects: string[] };

const adding = (id: string) => ({ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } });
const OR_UPDATE = { action: 'create', ifExists: 'update', applications: [{ id: '13' }] };
const scenes: Scene[] = [
  {
    name: 'an update',
    effects: ['name Depot'],
    accept: async (world) => [
      await world.accept('T-1', { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } }),
    ],
  },
  {
    name: 'a create',
    effects: ['create Annex'],
    accept: async (world) => [
      await world.accept('T-1', { action: 'create', group: { name: 'Annex' }, applications: [{ id: '13' }] }),
    ],
  },
  {
    name: 'a create that updates what exists',
    effects: ['add 13'],
    accept: async (world) => [
      await world.accept('T-1', { ...OR_UPDATE, group: { name: 'Empty' }, description: 'Left', enabled: true }),
    ],
  },
  {
    name: 'a create that would update what exists',
    effects: ['create Annex'],
    accept: async (world) => [await world.accept('T-1', { ...OR_UPDATE, group: { name: 'Annex' } })],
  },
  {
    name: 'a delete',
    effects: ['delete 500'],
    accept: async (world) => [await world.accept('T-1', { action: 'delete', group: { id: '500' } })],
  },
  {
    name: 'a move',
    effects: ['remove 21', 'add 21'],
    accept: async (world) => [await world.accept('T-1', { ...adding('21'), takeFromOtherGroups: true })],
  },
  {
    name: 'a delete that moves applications away first',
    effects: ['remove 21', 'remove 22', 'add 21', 'add 22', 'delete 600'],
    accept: async (world) => [
      await world.accept('T-1', { action: 'delete', group: { id: '600' }, moveApplicationsTo: { id: GROUP } }),
    ],
  },
  {
    name: 'a rejection between two coalesced adds, and a rename after them',
    effects: ['add 11', 'add 12', 'name Depot'],
    accept: async (world) => [
      await world.accept('T-1', adding('11')),
      await world.accept('T-2', adding('404')),
      await world.accept('T-3', adding('12')),
      await world.accept('T-4', { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } }),
    ],
  },
  {
    name: 'writes of several groups before one look at them',
    effects: ['name Depot', 'name Room', 'create Annex', 'create Barn', 'name Hall'],
    accept: async (world) => [
      await world.accept('T-1', { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } }),
      await world.accept('T-3', { action: 'update', group: { name: 'Empty' }, set: { name: 'Room' } }),
      await world.accept('T-4', { action: 'create', group: { name: 'Annex' } }),
      await world.accept('T-6', { action: 'create', group: { name: 'Barn' } }),
      await world.accept('T-5', { action: 'update', group: { id: '600' }, set: { name: 'Hall' } }),
    ],
  },
];

function build(): LaneWorld {
  const world = createLaneWorld();
  world.addGroup();
  world.addGroup({ id: '500', name: 'Empty' });
  world.addGroup({ id: '600', name: 'Full', applicationIds: ['21', '22'] });
  world.addApplications('11', '12', '13', '21', '22');
  return world;
}

/**
 * The effects of the writes, one line per effect: after a crash a step may be taken in pieces, but no effect may occur
 * twice.
 */
function effectsOf(world: LaneWorld): string[] {
  return world.tenant.writes.flatMap((write) => {
    if (write.kind === 'create') return [`create ${write.name}`];
    if (write.kind === 'delete') return [`delete ${write.groupId}`];
    const members = [...write.deletedApps.map((id) => `remove ${id}`), ...write.addedApps.map((id) => `add ${id}`)];
    return members.length === 0 ? [`name ${write.fields.name}`] : members;
  });
}

/** Checks the whole ledger: every change has one outcome, no sends are owed, every outcome was announced. */
async function expectWhole(world: LaneWorld, changes: readonly ChangeRecord[], effects: string[]) {
  for (const change of changes) {
    const record = await world.read(change.ref.idempotencyKey);
    expect(record).toMatchObject({ state: 'settled', pending: [] });
    const announced = world.outcomes.published.filter((n) => n.ref.idempotencyKey === change.ref.idempotencyKey);
    expect(announced.length).toBeGreaterThanOrEqual(1);
    expect(new Set(announced.map((n) => JSON.stringify(n.outcome))).size).toBe(1);
    const expected = change.change.idempotencyKey === 'T-2' ? 'rejected' : 'applied';
    expect(record.outcome?.kind).toBe(expected);
  }
  expect(effectsOf(world)).toEqual(effects);
}

describe.each(scenes)('a worker that dies during $name', ({ accept, effects }) => {
  it('leaves everything settled once in effect, wherever it dies', async () => {
    const whole = build();
    const rehearsal = dyingAt(whole, Number.POSITIVE_INFINITY, 'before');
    const changes = await accept(whole);
    await whole.invoke(changes, rehearsal.ports);
    await expectWhole(whole, changes, effects);
    expect(rehearsal.calls()).toBeGreaterThan(10);

    for (let at = 1; at <= rehearsal.calls(); at += 1) {
      for (const phase of ['before', 'after'] as const) {
        const world = build();
        const accepted = await accept(world);
        await world.invoke(accepted, dyingAt(world, at, phase).ports).catch(() => []);
        // SQS delivers the messages again when their visibility timeout ends.
        await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
        await world.settle(accepted);
        await expectWhole(world, accepted, effects);
      }
    }
  });
});
