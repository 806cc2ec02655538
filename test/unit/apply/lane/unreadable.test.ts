import { describe, expect, it } from 'vitest';
import { reconcileSources } from '../../../../functions/reconcile/reconcile-sources.ts';
import { sweepLanes } from '../../../../functions/sweep/sweep-lanes.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { spoil } from '../../../fakes/unreadable.ts';
import { snowPayload, snowTicket } from '../../ingest/ticket-world.ts';
import { createReconcileWorld, NEVER } from '../../reconcile/reconcile-world.ts';
import { GROUP, LANE, type LaneWorld, laneWith, messageIdOf } from '../lane-world.ts';
import { describing, iso, MINUTE, refs, update } from '../requests.ts';

/** One change record that cannot be read, in the middle of its lane. */

const joining = (id: string) => update(id, { applications: { add: refs('11') } });

const build = () => laneWith([{}, { id: '500', name: 'Empty' }, { id: '600', name: 'Full' }], ['11']);

const statesOf = async (world: LaneWorld, ...keys: string[]) =>
  Promise.all(keys.map(async (key) => (await world.read(key)).state));

/** Accepts a change of the group that waits so long from now. */
async function schedule(world: LaneWorld, key: string, ms: number, over: object = {}): Promise<ChangeRecord> {
  const at = world.clock.now() + ms;
  const record = await world.accept(key, { ...describing(GROUP, key), notBefore: iso(at), ...over });
  await world.ledger.writeChange({ ...record, state: 'scheduled', scheduledFor: at, sentAt: 0 }, record.version);
  return world.read(key);
}

/** Changes before and behind the one that cannot be read, of its group and of others. */
async function acceptAll(world: LaneWorld): Promise<ChangeRecord[]> {
  return [
    await world.accept('before', describing('500', 'Room')),
    await world.accept('bad', describing(GROUP, 'Depot')),
    await world.accept('same-group', joining(GROUP)),
    await world.accept('after-that', joining('500')),
    await world.accept('other', describing('600', 'Attic')),
  ];
}

describe('the worker', () => {
  it('carries out the others, except what shares its group, and what shares an object with that', async () => {
    const world = build();
    const changes = await acceptAll(world);
    spoil(world.ledger, 'bad', { request: true });
    await world.invoke(changes);
    expect(await statesOf(world, 'before', 'other')).toEqual(['settled', 'settled']);
    expect(await statesOf(world, 'same-group', 'after-that')).toEqual(['queued', 'queued']);
    expect(world.tenant.writes).toHaveLength(2);
    expect(world.log.text()).toContain('open change cannot be read');
    expect(world.meter.total('WorkerError')).toBeGreaterThan(0);
  });

  it('carries out only what stands before it if nobody can tell what it is about', async () => {
    const world = build();
    const changes = await acceptAll(world);
    spoil(world.ledger, 'bad', { request: false });
    const retried = await world.invoke(changes);
    expect(await statesOf(world, 'before')).toEqual(['settled']);
    expect(await statesOf(world, 'same-group', 'after-that', 'other')).toEqual(['queued', 'queued', 'queued']);
    expect(retried).toEqual(changes.slice(2).map(messageIdOf));
    expect(world.deferral.deferred.at(-1)?.delayMs).toBeGreaterThan(10 * MINUTE);
  });

  it('does not let its message hold up those of the lane, and takes its place in the order once it is restored', async () => {
    const world = build();
    const changes = await acceptAll(world);
    const { openChanges, readChange } = world.ledger;
    spoil(world.ledger, 'bad', { request: true });
    const retried = await world.invoke(changes);
    expect(retried).not.toContain(messageIdOf(changes[1] as ChangeRecord));
    expect(world.queue.sent).toMatchObject([{ ref: { idempotencyKey: 'bad' }, apartAt: expect.any(Number) }]);
    const later = await world.accept('later', describing(GROUP, 'Cellar'));
    await world.invoke([later]);
    expect(await statesOf(world, 'later')).toEqual(['queued']);
    Object.assign(world.ledger, { openChanges, readChange });
    await world.settle([...changes, later]);
    const order = world.tenant.writes.flatMap((write) =>
      write.kind === 'update' ? [write.addedApps.join() || write.fields.description] : [],
    );
    expect(order).toEqual(['Room', 'Attic', 'Depot', '11', 'Cellar']);
  });
});

describe('more changes than one page behind one that cannot be read', () => {
  it.each([199, 200, 450])('(%d) hold nothing that stands behind them and shares nothing with them', async (count) => {
    const world = build();
    await world.accept('bad', describing(GROUP, 'Depot'));
    for (let n = 1; n <= count; n += 1) await world.accept(`waits-${n}`, describing(GROUP, `Room ${n}`));
    const other = await world.accept('other', describing('600', 'Attic'));
    spoil(world.ledger, 'bad', { request: true });
    await world.invoke([other]);
    expect(await statesOf(world, 'other', 'waits-1', `waits-${count}`)).toEqual(['settled', 'queued', 'queued']);
    const later = await world.accept('later', describing('500', 'Loft'));
    await world.invoke([later]);
    expect(await statesOf(world, 'later')).toEqual(['settled']);
  });

  it('wait all where nobody can tell what it is about, and are read a page at a time', async () => {
    const world = build();
    await world.accept('bad', describing(GROUP, 'Depot'));
    for (let n = 1; n <= 450; n += 1) await world.accept(`waits-${n}`, describing('500', `Room ${n}`));
    const last = await world.read('waits-450');
    spoil(world.ledger, 'bad', { request: false });
    expect(await world.invoke([last])).toEqual([messageIdOf(last)]);
    expect(await statesOf(world, 'waits-1', 'waits-450')).toEqual(['queued', 'queued']);
    expect(world.tenant.writes).toEqual([]);
  });
});

describe('a lane with a page of scheduled changes, one of which cannot be read', () => {
  it('is left after a few queries', async () => {
    const world = build();
    for (let n = 1; n <= 200; n += 1) await schedule(world, `later-${n}`, 60 * MINUTE);
    spoil(world.ledger, 'later-7', { request: true });
    const { openChanges } = world.ledger;
    let queries = 0;
    world.ledger.openChanges = (...args) => {
      queries += 1;
      if (queries > 20) throw Object.assign(new Error('too many queries'), { scope: 'platform' });
      return openChanges(...args);
    };
    const now = await world.accept('now', describing('500', 'Room'));
    expect(await world.invoke([now])).toEqual([]);
    expect(await statesOf(world, 'now')).toEqual(['settled']);
    expect(queries).toBeLessThan(20);
  });
});

describe('the sweeper', () => {
  it.each([true, false])('sends what is behind it (its request can be read: %s)', async (request) => {
    const world = build();
    await acceptAll(world);
    const unsent = await world.accept('unsent', describing('600', 'Loft'));
    await world.ledger.writeChange({ ...unsent, state: 'accepted', sentAt: 0 }, unsent.version);
    spoil(world.ledger, 'bad', { request });
    await world.clock.advance(2 * MINUTE);
    expect(await sweepLanes(world.ports, NEVER)).toMatchObject({ sent: 1, unfinished: 1, failed: 1 });
    expect(world.meter.counts).toContainEqual({ name: 'SweepChangeFailed', value: 1, dimensions: { lane: LANE } });
  });
});

describe('a scheduled change that cannot be read', () => {
  const set = (index: number) => ({ changeSet: { id: 'S', index, size: 2, onReject: 'continue' } });

  it('is not overtaken by its group or its set once it is due, and holds nothing else', async () => {
    const world = build();
    await schedule(world, 'bad', 10 * MINUTE, set(1));
    await schedule(world, 'same-group', 10 * MINUTE);
    await schedule(world, 'same-set', 10 * MINUTE, { group: { id: '500' }, ...set(2) });
    await schedule(world, 'other', 10 * MINUTE, { group: { id: '600' } });
    const { openChanges, readChange } = world.ledger;
    spoil(world.ledger, 'bad', { request: true });
    await world.clock.advance(11 * MINUTE);
    expect(await sweepLanes(world.ports, NEVER)).toMatchObject({ released: 1, unfinished: 1 });
    expect(await statesOf(world, 'same-group', 'same-set', 'other')).toEqual(['scheduled', 'scheduled', 'queued']);
    Object.assign(world.ledger, { openChanges, readChange });
    expect(await sweepLanes(world.ports, NEVER)).toMatchObject({ released: 3 });
    const [bad, after] = [await world.read('bad'), await world.read('same-group')];
    expect(bad.sequence).toBeLessThan(after.sequence);
  });

  it('holds nothing before it is due, and nothing that stands before it', async () => {
    const world = build();
    await schedule(world, 'before', 10 * MINUTE);
    await schedule(world, 'bad', 20 * MINUTE);
    await schedule(world, 'behind', 10 * MINUTE);
    spoil(world.ledger, 'bad', { request: true });
    await world.clock.advance(11 * MINUTE);
    expect(await sweepLanes(world.ports, NEVER)).toMatchObject({ released: 2 });
  });

  it('holds all behind it if nobody can tell what it is about', async () => {
    const world = build();
    await schedule(world, 'before', 10 * MINUTE);
    await schedule(world, 'bad', 20 * MINUTE);
    await schedule(world, 'behind', 10 * MINUTE, { group: { id: '600' } });
    spoil(world.ledger, 'bad', { request: false });
    await world.clock.advance(11 * MINUTE);
    await sweepLanes(world.ports, NEVER);
    expect(await statesOf(world, 'before', 'behind')).toEqual(['queued', 'scheduled']);
  });
});

describe('reconciling', () => {
  it('looks after the tickets of the others, and says that it was not all', async () => {
    const { ports, ledger, snow, run, cancelled } = createReconcileWorld();
    const window = { start_date: '2026-12-05 22:00:00' };
    for (const number of ['CHG0000001', 'CHG0000002'])
      snow.tickets.set(number, snowTicket({ id: number, payload: snowPayload({ number, ...window }) }));
    await run();
    const rejected = snowPayload({ number: 'CHG0000002', ...window, approval: 'rejected' });
    snow.tickets.set('CHG0000002', snowTicket({ id: 'CHG0000002', payload: rejected }));
    snow.listApproved = () => ReadableStream.from<string>([]);
    const spoilt = ledger.allChanges().find(({ ticket }) => ticket.id === 'CHG0000001');
    spoil(ledger, spoilt?.ref.idempotencyKey ?? '', { request: false });
    expect(await reconcileSources(ports, NEVER)).toMatchObject({ failed: 2 });
    expect(cancelled()).toEqual(['CHG0000002']);
    expect(ports.meter.total('ReconcileLaneFailed')).toBeGreaterThan(0);
  });
});
