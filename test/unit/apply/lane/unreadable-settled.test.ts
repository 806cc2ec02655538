import { describe, expect, it } from 'vitest';
import { sweepLanes } from '../../../../functions/sweep/sweep-lanes.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { anApplied, anApproved } from '../../../fakes/records.ts';
import { spoil, spoilDesired } from '../../../fakes/unreadable.ts';
import { NEVER } from '../../reconcile/reconcile-world.ts';
import { GROUP, LANE, type LaneWorld, laneWith } from '../lane-world.ts';
import { update } from '../requests.ts';

/** Records beside the open changes that cannot be read: rejected set members and desired groups. */

const describing = (id: string, more: object = {}) => update(id, { set: { description: 'x' }, ...more });
const member = (index: number) => ({ changeSet: { id: 'S', index, size: 3, onReject: 'stop' } });

const build = () => laneWith([{}, { id: '500', name: 'Empty' }]);

describe('a rejected member of a set that cannot be read', () => {
  async function rejectFirst(world: LaneWorld): Promise<void> {
    const first = await world.accept('first', describing('999', member(1)));
    await world.settle([first]);
  }

  it('rejects the later members, and the rest of the lane goes on', async () => {
    const world = build();
    await rejectFirst(world);
    spoil(world.ledger, 'first', { request: true });
    const second = await world.accept('second', describing(GROUP, member(2)));
    const other = await world.accept('other', describing('500'));
    await world.settle([second, other]);
    expect((await world.read('second')).outcome).toMatchObject({
      code: 'not-attempted',
      sentence: expect.stringContaining('first, cannot be read'),
      details: { causedBy: { idempotencyKey: 'first' } },
    });
    expect((await world.read('other')).outcome?.kind).toBe('applied');
  });

  it('also if not even the list of rejected members can be read', async () => {
    const world = build();
    await rejectFirst(world);
    const malformed = Object.assign(new Error('set#S'), { code: 'record-malformed', scope: 'platform' });
    world.ledger.rejectedMembers = () => Promise.reject(malformed);
    const second = await world.accept('second', describing(GROUP, member(2)));
    await world.settle([second]);
    expect((await world.read('second')).outcome).toMatchObject({ code: 'not-attempted' });
  });

  it('does not hide a rejected member that can be read', async () => {
    const world = build();
    await rejectFirst(world);
    const second = await world.accept('second', describing(GROUP, member(2)));
    await world.settle([second]);
    spoil(world.ledger, 'second', { request: true });
    const third = await world.accept('third', describing(GROUP, member(3)));
    await world.settle([third]);
    expect((await world.read('third')).outcome).toMatchObject({ details: { causedBy: { code: 'group-not-found' } } });
  });
});

describe('a desired group that cannot be read', () => {
  async function settleBoth(world: LaneWorld): Promise<ChangeRecord[]> {
    const one = await world.accept('one', describing(GROUP));
    const other = await world.accept('other', describing('500'));
    return world.settle([one, other]).then(() => [one, other]);
  }

  it('holds up no other group, and no outcome', async () => {
    const world = build();
    spoilDesired(world.ledger, GROUP);
    await settleBoth(world);
    expect(await world.read('one')).toMatchObject({ state: 'settled', pending: ['desired'] });
    expect(await world.read('other')).toMatchObject({ state: 'settled', pending: [] });
    expect(world.outcomes.published.map(({ ref }) => ref.idempotencyKey).sort()).toEqual(['one', 'other']);
    expect(world.meter.total('WorkerError')).toBeGreaterThan(0);
    expect(world.log.text()).toContain('owed sends could not be sent');
  });

  it('is tried again by each sweep, which says so, and written once it can be read', async () => {
    const world = build();
    const { readDesired, listDesired } = world.ledger;
    spoilDesired(world.ledger, GROUP);
    await settleBoth(world);
    await world.clock.advance(100_000);
    expect(await sweepLanes(world.ports, NEVER)).toMatchObject({ unfinished: 1, failed: 1 });
    expect(world.meter.counts).toContainEqual({ name: 'SweepChangeFailed', value: 1, dimensions: { lane: LANE } });
    Object.assign(world.ledger, { readDesired, listDesired });
    expect(await sweepLanes(world.ports, NEVER)).toMatchObject({ unfinished: 0, finished: 1 });
    expect(await world.read('one')).toMatchObject({ pending: [] });
    expect(await world.ledger.readDesired(LANE, GROUP)).toMatchObject({ description: { value: 'x' } });
    expect(world.outcomes.published).toHaveLength(2);
  });

  it('lets the worker look past two pages of changes that owe it', async () => {
    const world = build();
    spoilDesired(world.ledger, GROUP);
    for (let n = 1; n <= 200; n += 1) {
      const record = await world.accept(`owing-${n}`, describing(GROUP));
      const outcome = anApplied({ approved: anApproved({ groupId: GROUP }) });
      await world.ledger.writeChange({ ...record, state: 'settled', pending: ['desired'], outcome }, record.version);
    }
    const other = await world.accept('other', describing('500'));
    await world.settle([other], 3);
    expect((await world.read('other')).outcome?.kind).toBe('applied');
  });
});
