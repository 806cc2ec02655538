import { describe, expect, it } from 'vitest';
import { dyingAt } from './dying-worker.ts';
import { GROUP, type LaneWorld, laneWith } from './lane-world.ts';
import { adding, refs, rename, taking, update } from './requests.ts';

const OR_UPDATE = { action: 'create', ifExists: 'update', applications: refs('13') };
const create = (name: string, more: object = {}) => ({ action: 'create', group: { name }, ...more });
const renaming = (group: object, name: string) => ({ action: 'update', group, set: { name } });

const SCENES: [string, Record<string, unknown>[], string[]][] = [
  ['an update', [rename], ['name Depot']],
  ['a create', [create('Annex', { applications: refs('13') })], ['create Annex']],
  [
    'a create that updates what exists',
    [create('Empty', { ...OR_UPDATE, description: 'Left', enabled: true })],
    ['add 13'],
  ],
  ['a create that would update what exists', [create('Annex', OR_UPDATE)], ['create Annex']],
  ['a delete', [{ action: 'delete', group: { id: '500' } }], ['delete 500']],
  ['a move', [taking('21')], ['remove 21', 'add 21']],
  [
    'a delete that moves applications away first',
    [{ action: 'delete', group: { id: '600' }, moveApplicationsTo: { id: GROUP } }],
    ['remove 21', 'remove 22', 'add 21', 'add 22', 'delete 600'],
  ],
  [
    'a rejection between two coalesced adds, and a rename after them',
    [adding('11'), adding('404'), adding('12'), rename],
    ['add 11', 'add 12', 'name Depot'],
  ],
  [
    'writes of several groups before one look at them',
    [
      ...[rename, renaming({ name: 'Empty' }, 'Room'), create('Annex'), create('Barn')],
      update('600', { set: { name: 'Hall' } }),
    ],
    ['name Depot', 'name Room', 'create Annex', 'create Barn', 'name Hall'],
  ],
];

const build = () =>
  laneWith(
    [{}, { id: '500', name: 'Empty' }, { id: '600', name: 'Full', applicationIds: ['21', '22'] }],
    ['11', '12', '13', '21', '22'],
  );

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
async function expectWhole(world: LaneWorld, effects: string[]) {
  for (const { ref, change, state, pending, outcome } of world.ledger.allChanges()) {
    expect([state, pending]).toEqual(['settled', []]);
    const announced = world.outcomes.published.filter((n) => n.ref.idempotencyKey === ref.idempotencyKey);
    expect(new Set(announced.map((n) => JSON.stringify(n.outcome))).size).toBe(1);
    expect(outcome?.kind).toBe(JSON.stringify(change).includes('404') ? 'rejected' : 'applied');
  }
  expect(effectsOf(world)).toEqual(effects);
}

describe.each(SCENES)('a worker that dies during %s', (_, changes, effects) => {
  it('leaves everything settled once in effect, wherever it dies', async () => {
    const whole = build();
    const rehearsal = dyingAt(whole, Number.POSITIVE_INFINITY, 'before');
    await whole.invoke(await whole.acceptAll(...changes), rehearsal.ports);
    await expectWhole(whole, effects);
    expect(rehearsal.calls()).toBeGreaterThan(10);

    for (let at = 1; at <= rehearsal.calls(); at += 1) {
      for (const phase of ['before', 'after'] as const) {
        const world = build();
        const accepted = await world.acceptAll(...changes);
        await world.invoke(accepted, dyingAt(world, at, phase).ports).catch(() => []);
        // SQS delivers the messages again when their visibility timeout ends.
        await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
        await world.settle(accepted);
        await expectWhole(world, effects);
      }
    }
  });
});
