import { describe, expect, it } from 'vitest';
import { settle } from '../../../../shared/domain/ledger/settlement.ts';
import { cancelChange } from '../../../../shared/ledger/cancel-change.ts';
import { releaseIntents } from '../../../../shared/ledger/release-intent.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { spoil } from '../../../fakes/unreadable.ts';
import { failWrites } from '../interfere.ts';
import { GROUP, LANE, type LaneWorld } from '../lane-world.ts';
import { UNREACHABLE } from '../requests.ts';
import { groupIn, laneOf } from './found-intent.ts';

/** A change record becomes unreadable while an intent names the change. */

const adding = (application: string, id = GROUP) => ({
  action: 'update',
  group: { id },
  applications: { add: [{ id: application }] },
});
const LOST = aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' });
const BROKEN = aFault({ code: 'server-error', class: 'transient', scope: 'tenant', status: 500 });
const describing = (id: string, description: string) => ({ action: 'update', group: { id }, set: { description } });

/** Changes of which the first ones are written together; the worker gets no answer, and its write takes effect or not. */
async function leaveUnanswered(world: LaneWorld, changes: Record<string, Record<string, unknown>>, tookEffect = true) {
  const records = [];
  for (const [key, change] of Object.entries(changes)) records.push(await world.accept(key, change));
  const { interfere } = world.tenant;
  world.tenant.interfere = (method) =>
    method === 'write' ? { fault: LOST, ...(tookEffect && { effect: 'after' }) } : undefined;
  await world.invoke(records);
  world.tenant.interfere = interfere;
  expect((await world.ledger.readLane(LANE)).intent).toBeDefined();
  return records;
}

const build = () => laneOf({ id: GROUP, name: 'Warehouse' }, { id: '500', name: 'Empty' });

const outcomeOf = async (world: LaneWorld, key: string) => (await world.read(key)).outcome;
const restore = (world: LaneWorld, reads: Pick<LaneWorld['ledger'], 'readChange' | 'openChanges'>) =>
  Object.assign(world.ledger, reads);

/** Spoils the record, and answers how the ledger read before. */
function spoilRecord(world: LaneWorld, key: string) {
  const { readChange, openChanges } = world.ledger;
  spoil(world.ledger, key, { request: true });
  return { readChange, openChanges };
}

describe('an open intent of which a member cannot be read', () => {
  it('ends for the others; the unread one holds what shares something with it, and ends as its write did once it is restored', async () => {
    const world = build();
    const changes = await leaveUnanswered(world, { one: adding('11'), two: adding('12'), three: adding('13') });
    const reads = spoilRecord(world, 'two');
    const same = await world.accept('same-group', describing(GROUP, 'Depot'));
    const other = await world.accept('other', describing('500', 'Room'));
    await world.clock.advance(90_000);
    for (let turn = 0; turn < 3; turn += 1) await world.invoke([...changes, same, other]);
    expect(await outcomeOf(world, 'one')).toMatchObject({ kind: 'applied' });
    expect(await outcomeOf(world, 'three')).toMatchObject({ kind: 'applied' });
    expect(await outcomeOf(world, 'other')).toMatchObject({ kind: 'applied' });
    expect(await outcomeOf(world, 'same-group')).toBeUndefined();
    expect(world.log.text()).toContain('its intent has ended');
    restore(world, reads);
    const written = world.tenant.writes.length;
    world.tenant.edit(GROUP, { applicationIds: [] });
    const { sequence } = await world.read('two');
    await world.settle([...changes, same, other]);
    expect(await outcomeOf(world, 'two')).toMatchObject({ kind: 'applied', effect: { added: ['12'] } });
    expect(await world.read('two')).toMatchObject({ sequence });
    expect(world.tenant.writes.slice(written)).toMatchObject([{ fields: { description: 'Depot' } }]);
    expect(await world.ledger.readLane(LANE)).not.toHaveProperty('endedUnread');
  });

  it('ends also where it is the only member, and the effect is not repeated', async () => {
    const world = build();
    const changes = await leaveUnanswered(world, { create: { action: 'create', group: { name: 'Annex' } } });
    const reads = spoilRecord(world, 'create');
    const other = await world.accept('other', { ...describing('500', 'Room'), group: { name: 'Empty' } });
    await world.clock.advance(90_000);
    await world.settle([other]);
    expect(await outcomeOf(world, 'other')).toMatchObject({ kind: 'applied' });
    restore(world, reads);
    await world.settle(changes);
    expect(await outcomeOf(world, 'create')).toMatchObject({ kind: 'applied' });
  });

  it('is not cancelled once it is restored: its write was made', async () => {
    const world = build();
    const [change] = await leaveUnanswered(world, { only: adding('11') });
    const reads = spoilRecord(world, 'only');
    const other = await world.accept('other', describing('500', 'Room'));
    await world.clock.advance(90_000);
    await world.settle([other]);
    restore(world, reads);
    if (change === undefined) throw new Error('the change is accepted');
    const ports = { ledger: world.ledger, clock: world.clock };
    expect(await cancelChange(ports, change.ref, { by: 'desk', reason: 'not any more' })).toMatchObject({
      kind: 'under-way',
    });
    await world.settle([change]);
    expect(await outcomeOf(world, 'only')).toMatchObject({ kind: 'applied' });
  });

  it('ends for each of two unread ones as soon as that one is restored, though it stands behind the other', async () => {
    const world = build();
    const changes = await leaveUnanswered(world, { one: adding('11'), two: adding('12'), three: adding('13') });
    const all = spoilRecord(world, 'one');
    const withTwo = spoilRecord(world, 'two');
    await world.clock.advance(90_000);
    await world.settle(changes.slice(2));
    expect(await outcomeOf(world, 'three')).toMatchObject({ kind: 'applied' });
    restore(world, withTwo);
    await world.settle(changes.slice(1));
    expect(await outcomeOf(world, 'two')).toMatchObject({ kind: 'applied', effect: { added: ['12'] } });
    restore(world, all);
    await world.settle(changes);
    expect(await outcomeOf(world, 'one')).toMatchObject({ kind: 'applied', effect: { added: ['11'] } });
    expect(world.tenant.writes).toHaveLength(1);
    expect(await world.ledger.readLane(LANE)).not.toHaveProperty('endedUnread');
  });

  it('ends for one of a later intent beside one of an earlier intent', async () => {
    const world = laneOf({}, { id: '500', name: 'Empty' }, { id: '600', name: 'Yard' });
    const first = await leaveUnanswered(world, { one: adding('11') });
    const reads = spoilRecord(world, 'one');
    await world.clock.advance(90_000);
    const second = await leaveUnanswered(world, { two: describing('500', 'Room') });
    spoilRecord(world, 'two');
    await world.clock.advance(90_000);
    await world.settle([await world.accept('other', describing('600', 'Court'))]);
    restore(world, reads);
    await world.settle([...first, ...second]);
    expect(await outcomeOf(world, 'one')).toMatchObject({ kind: 'applied', effect: { added: ['11'] } });
    expect(await outcomeOf(world, 'two')).toMatchObject({ kind: 'applied' });
    expect(world.tenant.writes).toHaveLength(3);
  });

  it('is forgotten once the restored one is settled, though the worker died before it could say so', async () => {
    const world = build();
    const changes = await leaveUnanswered(world, { one: adding('11'), two: adding('12') });
    const reads = spoilRecord(world, 'two');
    await world.clock.advance(90_000);
    await world.settle(changes.slice(0, 1));
    restore(world, reads);
    const { endedUnread: [ended] = [] } = await world.ledger.readLane(LANE);
    const two = await world.read('two');
    const settledAlready = ended && settle(two, 1, ended.outcome, world.clock.now());
    if (settledAlready === undefined) throw new Error('it ended unread');
    await world.ledger.writeChange(settledAlready, two.version);
    const next = await world.accept('next', describing(GROUP, 'Depot'));
    await world.settle([next]);
    expect(await outcomeOf(world, 'two')).toMatchObject({ kind: 'applied' });
    expect(await world.ledger.readLane(LANE)).not.toHaveProperty('endedUnread');
  });

  it.each([{ changes: { one: adding('11'), two: adding('12') } }, { changes: { two: adding('12') } }])(
    'is taken anew if the write had no effect ($changes)',
    async ({ changes }) => {
      const world = build();
      const records = await leaveUnanswered(world, changes, false);
      const reads = spoilRecord(world, 'two');
      const other = await world.accept('other', describing('500', 'Room'));
      await world.clock.advance(90_000);
      await world.settle([other]);
      expect(await outcomeOf(world, 'other')).toMatchObject({ kind: 'applied' });
      restore(world, reads);
      await world.settle(records);
      expect(groupIn(world).applicationIds.toSorted()).toEqual(records.length === 2 ? ['11', '12'] : ['12']);
    },
  );

  it('ends as `outcome-unknown` if its group cannot be read either', async () => {
    const world = build();
    const changes = await leaveUnanswered(world, { only: adding('11') });
    const reads = spoilRecord(world, 'only');
    const other = await world.accept('other', describing('500', 'Room'));
    await world.clock.advance(90_000);
    world.tenant.interfere = (method, argument) =>
      method === 'getGroup' && argument === GROUP ? { fault: BROKEN } : undefined;
    await world.settle([other]);
    restore(world, reads);
    await world.settle(changes);
    expect(await outcomeOf(world, 'only')).toMatchObject({ kind: 'rejected', code: 'outcome-unknown' });
  });

  it('ends also where it awaits its read-back', async () => {
    const world = build();
    const changes = [];
    for (const [key, id] of [
      ['bad', GROUP],
      ['good', '500'],
    ] as const)
      changes.push(await world.accept(key, describing(id, key)));
    let reads: ReturnType<typeof spoilRecord> | undefined;
    world.tenant.interfere = (method) => {
      if (method === 'write' && world.tenant.writes.length === 1) reads = spoilRecord(world, 'bad');
      return undefined;
    };
    await world.settle(changes.slice(1));
    expect(await outcomeOf(world, 'good')).toMatchObject({ kind: 'applied' });
    if (reads === undefined) throw new Error('both were written');
    restore(world, reads);
    await world.settle(changes);
    expect(await outcomeOf(world, 'bad')).toMatchObject({ kind: 'applied' });
    expect(world.tenant.writes).toHaveLength(2);
  });

  it('is taken back where it is a move whose rest is refused, and ends so once it is restored', async () => {
    const world = laneOf(
      { applicationIds: [] },
      { id: '500', name: 'Empty', applicationIds: ['11'] },
      { id: '600', name: 'Yard' },
    );
    const change = await world.accept('move', { ...adding('11'), takeFromOtherGroups: true });
    failWrites(world, 2, UNREACHABLE);
    await world.invoke([change]);
    const reads = spoilRecord(world, 'move');
    failWrites(world, 1, aFault({ code: 'refused', class: 'permanent', status: 400 }));
    const other = await world.accept('other', describing('600', 'Room'));
    await world.clock.advance(15 * 60_000);
    await world.invoke([other]);
    expect(groupIn(world, '500').applicationIds).toEqual(['11']);
    expect(await world.ledger.readLane(LANE)).not.toHaveProperty('intent');
    restore(world, reads);
    await world.settle([change]);
    expect(await outcomeOf(world, 'move')).toMatchObject({ kind: 'rejected', code: 'zpa-refused' });
  });

  it('can be released by an operator', async () => {
    const world = build();
    const changes = await leaveUnanswered(world, { one: adding('11'), two: adding('12') });
    const reads = spoilRecord(world, 'two');
    await world.clock.advance(90_000);
    const lane = await world.ledger.readLane(LANE);
    if (lane.intent === undefined) throw new Error('the intent is open');
    const outcome = { kind: 'rejected', code: 'outcome-unknown', sentence: 'released', remedy: '' } as const;
    const ports = { ...world.ports, ledger: world.ledger };
    const settled = await releaseIntents(ports, lane, new Map([[lane.intent, outcome]]), { owner: 'op', leaseMs: 1 });
    expect(settled?.map(({ ref }) => ref.idempotencyKey)).toEqual(['one']);
    restore(world, reads);
    await world.settle(changes);
    expect(await outcomeOf(world, 'two')).toMatchObject({ kind: 'rejected', sentence: 'released' });
  });
});
