import { describe, expect, it } from 'vitest';
import type { SweepPorts } from '../../../functions/sweep/ports.ts';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { cancelChange } from '../../../shared/ledger/cancel-change.ts';
import { interrupted, type PortCall } from '../../fakes/interrupted.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../apply/lane-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SKEW = TIMING.clockSkewMs;
const forever = new AbortController().signal;
const rename = (name: string) => ({ action: 'update', group: { id: GROUP }, set: { name } });
const iso = (ms: number) => new Date(ms).toISOString();

/** As ingest accepts it: scheduled for `at`. */
async function schedule(world: LaneWorld, key: string, at: number): Promise<ChangeRecord> {
  const record = await world.accept(key, { ...rename(key), notBefore: iso(at) });
  const scheduled: ChangeRecord = { ...record, state: 'scheduled', scheduledFor: at, sentAt: 0 };
  await world.ledger.writeChange(scheduled, record.version);
  return { ...scheduled, version: record.version + 1 };
}

const sweep = (world: LaneWorld, over: Partial<SweepPorts> = {}) => sweepLanes({ ...world.ports, ...over }, forever);

describe('what is scheduled', () => {
  it('is left alone until its time, then sent and marked, in a new place', async () => {
    const world = createLaneWorld();
    const at = world.clock.now() + HOUR;
    const change = await schedule(world, 'T-1', at);
    await world.accept('T-2', rename('Other'));
    await world.clock.advance(HOUR + SKEW - 1);
    expect(await sweep(world)).toMatchObject({ open: 2, released: 0, sent: 1 });
    expect(await world.read('T-1')).toEqual(change);
    await world.clock.advance(1);
    expect(await sweep(world)).toMatchObject({ released: 1 });
    expect(await world.read('T-1')).toMatchObject({
      state: 'queued',
      sequence: 3,
      releasedAt: at + SKEW,
      sentAt: at + SKEW,
    });
    expect(world.queue.sent.at(-1)).toMatchObject({ ref: change.ref, generation: 1, reason: 'scheduled' });
    expect(await sweep(world)).toMatchObject({ released: 0, sent: 0 });
  });

  it('takes effect in the order of release, and of acceptance within one release', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const now = world.clock.now();
    const changes = [
      await schedule(world, 'late', now + 3 * MINUTE),
      await schedule(world, 'first', now + 2 * MINUTE),
      await schedule(world, 'second', now + MINUTE),
    ];
    await world.clock.advance(2 * MINUTE + SKEW);
    expect(await sweep(world)).toMatchObject({ released: 2 });
    await world.clock.advance(MINUTE);
    expect(await sweep(world)).toMatchObject({ released: 1 });
    await world.settle(changes);
    expect(world.tenant.writes.map((write) => write.kind === 'update' && write.fields.name)).toEqual([
      'first',
      'second',
      'late',
    ]);
  });

  it('follows the configuration: a freeze that came, one that was lifted', async () => {
    const world = createLaneWorld();
    const now = world.clock.now();
    await schedule(world, 'T-1', now - SKEW);
    const { configuration } = world.ports;
    const { acme } = configuration.tenants;
    if (acme === undefined) throw new Error('acme is configured');
    // By the clock of some worker it may have begun.
    const freezes = [{ from: iso(now + SKEW), until: iso(now + HOUR) }];
    const frozen = { ...configuration, tenants: { acme: { ...acme, freezes } } };
    expect(await sweep(world, { configuration: frozen })).toMatchObject({ released: 0 });
    expect(await world.read('T-1')).toMatchObject({ state: 'scheduled', scheduledFor: now + HOUR });
    const { writes } = world.ledger;
    await sweep(world, { configuration: frozen });
    expect(world.ledger.writes).toBe(writes);
    expect(await sweep(world)).toMatchObject({ released: 1 });
  });

  it('is left as it is, where it was released while its new release time was worked out', async () => {
    const world = createLaneWorld();
    const now = world.clock.now();
    const page = await schedule(world, 'T-1', now + HOUR);
    const released: ChangeRecord = { ...page, state: 'queued', sequence: 7, releasedAt: now };
    const { ledger } = world.ports;
    const listOpen = async (...args: Parameters<typeof ledger.openChanges>) => {
      const open = await ledger.openChanges(...args);
      await ledger.writeChange(released, page.version);
      return open;
    };
    const { acme } = world.ports.configuration.tenants;
    if (acme === undefined) throw new Error('acme is configured');
    const freezes = [{ from: iso(now), until: iso(now + 3 * HOUR) }];
    await sweep(world, {
      ledger: { ...ledger, openChanges: listOpen },
      configuration: { ...world.ports.configuration, tenants: { acme: { ...acme, freezes } } },
    });
    expect(await world.read('T-1')).toEqual({ ...released, version: page.version + 1 });
  });

  it('is released when its window closes before it may start, and then rejected', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const now = world.clock.now();
    const change = await world.accept('T-1', { ...rename('Never'), notAfter: iso(now + HOUR) });
    await world.ledger.writeChange({ ...change, state: 'scheduled', scheduledFor: now + HOUR }, 1);
    await world.clock.advance(HOUR + SKEW);
    expect(await sweep(world)).toMatchObject({ released: 1 });
    await world.settle([change]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code: 'window-closed' });
    expect(world.tenant.writes).toEqual([]);
  });

  it('does not keep the sweeper from ringing for the head of a lane where nothing moves', async () => {
    const world = createLaneWorld();
    for (let n = 1; n <= 20; n += 1) await schedule(world, `S-${n}`, world.clock.now() + 100 * HOUR);
    await world.accept('T-1', rename('Stuck'));
    await world.clock.advance(31 * MINUTE);
    expect(await sweep(world)).toMatchObject({ sent: 1 });
    expect(world.meter.total('OpenChanges')).toBe(1);
  });

  it('is left to its sweeper for a minute after its release', async () => {
    const world = createLaneWorld();
    const record = await schedule(world, 'T-1', world.clock.now() + 100 * HOUR);
    await world.clock.advance(100 * HOUR);
    const { scheduledFor: _, ...rest } = record;
    const accepted: ChangeRecord = { ...rest, state: 'accepted', releasedAt: world.clock.now() };
    await world.ledger.writeChange(accepted, record.version);
    expect(await sweep(world)).toMatchObject({ sent: 0 });
    await world.clock.advance(MINUTE);
    expect(await sweep(world)).toMatchObject({ sent: 1 });
  });

  it('by the hundreds is released in order over several pages', async () => {
    const world = createLaneWorld();
    const due = world.clock.now() + MINUTE;
    const far = due + HOUR;
    for (let n = 0; n < 450; n += 1) await schedule(world, `S-${n}`, n % 3 === 0 ? far : due);
    await world.clock.advance(MINUTE + SKEW);
    expect(await sweep(world)).toMatchObject({ released: 300, open: expect.any(Number) });
    const open = await world.ledger.openChanges(LANE, 1000);
    const expected = Array.from({ length: 450 }, (_, n) => n);
    expect(open.map((one) => one.ref.idempotencyKey)).toEqual([
      ...expected.filter((n) => n % 3 !== 0).map((n) => `S-${n}`),
      ...expected.filter((n) => n % 3 === 0).map((n) => `S-${n}`),
    ]);
  });
});

class Crash extends Error {}

/** Ports of a sweeper that crashes at its `at`-th call, before or after that call took effect. */
function dyingAt(world: LaneWorld, at: number, phase: PortCall['phase']) {
  const counter = { calls: 0 };
  let dead = false;
  const ask = (call: PortCall) => {
    if (call.index === at && call.phase === phase) dead = true;
    if (dead) throw new Crash(`${call.port}.${call.method}`);
  };
  const wrap = <P extends object>(port: P, name: string): P => interrupted(port, name, ask, counter);
  const { ledger, queue, outcomes } = world.ports;
  const ports: SweepPorts = {
    ...world.ports,
    ledger: wrap(ledger, 'ledger'),
    queue: wrap(queue, 'queue'),
    outcomes: wrap(outcomes, 'outcomes'),
  };
  return { ports, calls: () => counter.calls };
}

async function build() {
  const world = createLaneWorld();
  world.addGroup();
  const at = world.clock.now() + MINUTE;
  const changes = [
    await schedule(world, 'one', at),
    await schedule(world, 'two', at),
    await schedule(world, 'three', at),
  ];
  await world.clock.advance(MINUTE + SKEW);
  return { world, changes };
}

/** The messages on the queue at the end: each change is released once in effect, in order. */
async function expectWhole(world: LaneWorld, changes: readonly ChangeRecord[]) {
  const rung = new Set(world.queue.sent.map((one) => one.ref.idempotencyKey));
  expect(rung).toEqual(new Set(changes.map(({ ref }) => ref.idempotencyKey)));
  await world.settle(changes);
  expect(world.tenant.writes.map((write) => write.kind === 'update' && write.fields.name)).toEqual([
    'one',
    'two',
    'three',
  ]);
}

describe('a sweeper that dies while it releases', () => {
  it('leaves a release that the next sweeps complete, wherever it dies', async () => {
    const whole = await build();
    const rehearsal = dyingAt(whole.world, Number.POSITIVE_INFINITY, 'before');
    expect(await sweepLanes(rehearsal.ports, forever)).toMatchObject({ released: 3 });
    await expectWhole(whole.world, whole.changes);
    expect(rehearsal.calls()).toBeGreaterThan(8);

    for (let at = 1; at <= rehearsal.calls(); at += 1) {
      for (const phase of ['before', 'after'] as const) {
        const { world, changes } = await build();
        await sweepLanes(dyingAt(world, at, phase).ports, forever);
        for (let n = 0; n < 2; n += 1) {
          await world.clock.advance(MINUTE);
          await sweep(world);
        }
        const states = await Promise.all(changes.map(async ({ ref }) => (await world.read(ref.idempotencyKey)).state));
        expect({ at, phase, states }).toEqual({ at, phase, states: ['queued', 'queued', 'queued'] });
        await expectWhole(world, changes);
      }
    }
  });

  it('or is raced by another one at any call, in the same order and with nothing released twice', async () => {
    const { calls } = await rehearse();
    for (let at = 1; at <= calls; at += 1) {
      const { world, changes } = await build();
      let raced = false;
      const race = async (call: PortCall) => {
        if (raced || call.index !== at || call.phase !== 'before') return;
        raced = true;
        await sweep(world);
      };
      const ledger = interrupted(world.ports.ledger, 'ledger', race);
      await sweep(world, { ledger });
      expect(world.queue.sent.map((one) => one.ref.idempotencyKey).toSorted()).toEqual(['one', 'three', 'two']);
      await expectWhole(world, changes);
    }
  });
});

async function rehearse() {
  const { world } = await build();
  const rehearsal = dyingAt(world, Number.POSITIVE_INFINITY, 'before');
  await sweepLanes(rehearsal.ports, forever);
  return { calls: rehearsal.calls() };
}

describe('a cancellation whose author died after asking', () => {
  it('is completed by the sweeper after a minute, and announced', async () => {
    const world = createLaneWorld();
    const change = await schedule(world, 'T-1', world.clock.now() + HOUR);
    const ledger = { ...world.ledger, readLane: () => Promise.reject(new Crash()) };
    await expect(
      cancelChange({ ledger, clock: world.clock }, change.ref, { by: 'desk', reason: 'no' }),
    ).rejects.toThrow();
    expect(await sweep(world)).toMatchObject({ cancelled: 0 });
    await world.clock.advance(MINUTE);
    expect(await sweep(world)).toMatchObject({ cancelled: 1 });
    await world.clock.advance(MINUTE);
    expect(await sweep(world)).toMatchObject({ finished: 1 });
    expect(await world.read('T-1')).toMatchObject({ state: 'settled', pending: [], outcome: { kind: 'cancelled' } });
    expect(world.outcomes.published).toMatchObject([{ outcome: { kind: 'cancelled', by: 'desk', reason: 'no' } }]);
  });
});
