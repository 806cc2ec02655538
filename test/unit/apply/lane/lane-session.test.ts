import { describe, expect, it } from 'vitest';
import { acquireLane } from '../../../../functions/apply/lane/lane-session.ts';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { laneLimits } from '../../../../shared/reading/lane-limits.ts';
import { createMemorySharedReads } from '../../../fakes/memory-shared-reads.ts';
import { aRef } from '../../../fakes/records.ts';
import { createLaneWorld, LANE } from '../lane-world.ts';

const limits = { reads: 16, writes: 2, windowMs: 10_000 };
const take = (ports: ApplyPorts) => acquireLane(ports, LANE, limits, new Set());
const never = new AbortController().signal;
const memberAt = (sequence: number) => ({ ref: aRef(`K${sequence}`), generation: 1, sequence });

async function held(over: Partial<LaneRecord> = {}, more: Partial<ApplyPorts> = {}) {
  const world = createLaneWorld();
  Object.assign(world.ports, more);
  if (Object.keys(over).length > 0) await world.setLane(over);
  const session = await take(world.ports);
  if (session === undefined) throw new Error('the lane was free');
  const { clock, lane: read } = world;
  /** Starts so many calls at once, which get answers at once. */
  const spend = async (kind: 'read' | 'write', times = 1) => {
    for (let call = 0; call < times; call += 1) (await session.limiter.take(kind, never))();
    return clock.now();
  };
  /** How long room for these calls is waited for. */
  const waited = async (writes = 1, reads = 1) => {
    const from = clock.now();
    await session.waitForBudget(never, { reads, writes });
    return clock.now() - from;
  };
  return { world, clock, session, read, spend, waited };
}

describe('a lane', () => {
  it('is worked by one worker at a time, until it is given back or the lease ends', async () => {
    const { world, clock, session, read } = await held();
    expect(await read()).toMatchObject({ fence: 1, lease: { until: clock.now() + TIMING.leaseMs } });
    expect(await take(world.ports)).toBeUndefined();
    await clock.advance(10_000);
    expect(session.leaseLeftMs()).toBe(60_000);
    await session.release();
    expect(await read()).not.toHaveProperty('lease');
    expect(session.leaseLeftMs()).toBeLessThanOrEqual(0);
    expect((await take(world.ports))?.lane().fence).toBe(2);
    await clock.advance(TIMING.leaseMs - 1);
    expect(await take(world.ports)).toBeUndefined();
    await clock.advance(1);
    expect((await take(world.ports))?.lane().fence).toBe(3);
  });

  it('is nobody’s who wrote it later', async () => {
    const { ledger, ports } = createLaneWorld();
    const readLane: typeof ledger.readLane = async (lane) => {
      const found = await ledger.readLane(lane);
      await take(ports);
      return found;
    };
    expect(await take({ ...ports, ledger: { ...ledger, readLane } })).toBeUndefined();
  });

  it('is lost to whoever took it: nothing more is written', async () => {
    const { world, clock, session, read } = await held();
    await clock.advance(TIMING.leaseMs);
    await take(world.ports);
    await expect(session.save({ through: 5 })).rejects.toMatchObject({ name: 'LeaseLostError', code: 'lease-lost' });
    expect(await read()).toMatchObject({ fence: 2, through: 0 });
  });

  it('is lost too where its item is gone, or was given back in our name', async () => {
    const { world, session, read } = await held();
    const { lease: _, ...free } = await read();
    await world.ledger.writeLane(free, free.version);
    await expect(session.save({ through: 5 })).rejects.toMatchObject({ code: 'lease-lost' });
    const { ledger, ports } = createLaneWorld();
    let taken = false;
    const writeLane: typeof ledger.writeLane = async (record, expected) => {
      if (taken) return { written: false, found: undefined };
      taken = true;
      return ledger.writeLane(record, expected);
    };
    const orphan = await take({ ...ports, ledger: { ...ledger, writeLane } });
    await expect(orphan?.save({ through: 5 })).rejects.toMatchObject({ code: 'lease-lost' });
  });

  it('is written at the first go where nobody else wrote it', async () => {
    const { world, session } = await held();
    const { writes } = world.ledger;
    await session.save({ through: 1 });
    await session.save({ through: 2 });
    expect(world.ledger.writes - writes).toBe(2);
  });
});

describe('what a worker writes into its lane', () => {
  it('is noted at once, and written with the next save; undefined takes a field away', async () => {
    const stopped = { code: 'x', sentence: 's', since: 1, tries: 1, probeAt: 2, alarmed: true };
    const { session, read } = await held({ skipped: [3], stopped });
    session.stage({ through: 7, stopped: undefined });
    expect(session.lane()).toMatchObject({ through: 7 });
    expect(await read()).toMatchObject({ through: 0, stopped: { code: 'x' } });
    await session.save({ skipped: [] });
    expect(await read()).toMatchObject({ through: 7, skipped: [], version: 3 });
    expect(await read()).not.toHaveProperty('stopped');
  });

  it('carries the budget', async () => {
    const { clock, session, read, spend } = await held();
    await spend('write');
    await session.save({});
    expect((await read()).budget.writes).toEqual([clock.now()]);
  });

  it('keeps what an operator wrote beside it, and only that', async () => {
    const paused = { by: 'lena', reason: 'look', since: 1 };
    const { world, session, read } = await held();
    await world.setLane({ paused });
    await session.save({ through: 3 });
    expect(await read()).toMatchObject({ paused, through: 3 });
    const { paused: _, ...resumed } = await read();
    await world.ledger.writeLane(resumed, resumed.version);
    await session.save({ through: 4 });
    expect(await read()).toMatchObject({ through: 4 });
    expect(await read()).not.toHaveProperty('paused');
  });

  it.each([true, false])('says what is in hand until it is given back cleanly: %s', async (isClean) => {
    const working = { members: [memberAt(1)], strikes: 0, since: 0 };
    const { session, read } = await held();
    await session.save({ working });
    await (isClean ? session.release() : session.releaseUnfinished());
    expect((await read()).working).toEqual(isClean ? undefined : working);
    expect(await read()).not.toHaveProperty('lease');
  });
});

describe('a successor of a worker that died', () => {
  const lease = { owner: 'dead', until: 1 };
  const succeeded = async (over: Partial<LaneRecord>) => (await held({ lease, ...over })).session.lane();
  const working = { members: [memberAt(4)], strikes: 1, since: 5 };

  it('is silent for a whole rate window', async () => {
    const { clock, session } = await held({ lease });
    expect(session.lane().budget.notBefore).toBe(clock.now() + limits.windowMs);
    expect((await held({ lease: { ...lease, until: 100_000 } })).session.lane().hiddenUntil).toBe(
      100_000 - TIMING.leaseMs + TIMING.visibilityTimeoutMs,
    );
    expect((await held({ fence: 7 })).session.lane().budget.notBefore).toBe(0);
  });

  it('counts a strike against the one change that was in hand', async () => {
    const lane = await succeeded({ working });
    expect(lane).toMatchObject({ working: { strikes: 2, since: 5 } });
    expect(lane).not.toHaveProperty('oneByOneUntil');
  });

  it.each([
    ['counts none where that worker had only the lease: an earlier one named what is there', 6, 1],
    ['counts one where that worker named it', 5, 2],
  ])('%s', async (_, leasedAt, strikes) => {
    const until = leasedAt + TIMING.leaseMs;
    expect(await succeeded({ working, lease: { owner: 'dead', until } })).toMatchObject({ working: { strikes } });
  });

  it('takes several that were in hand one by one, and others as before', async () => {
    const several = { members: [memberAt(4), memberAt(9), memberAt(6)], strikes: 0, since: 5 };
    expect(await succeeded({ working: several })).toMatchObject({ oneByOneUntil: 9, working: { strikes: 0 } });
    expect(await succeeded({ working: several, oneByOneUntil: 12 })).toMatchObject({ oneByOneUntil: 12 });
    expect(await succeeded({})).not.toHaveProperty('oneByOneUntil');
  });
});

describe('room for calls', () => {
  it('is where so many may start one after the other', async () => {
    const { clock, session, spend } = await held();
    const now = clock.now();
    const free = (reads: number, writes: number) => session.budgetFreeAt({ reads, writes }) - now;
    expect(free(16, 2)).toBe(0);
    await spend('write');
    expect([free(1, 1), free(1, 2), free(1, 0)]).toEqual([0, 10_001, 0]);
    await spend('read');
    // More calls than a window allows may start as soon as the window is free.
    expect([free(15, 0), free(16, 0), free(99, 0)]).toEqual([0, 10_001, 10_001]);
  });

  it('is waited for, and a write’s lead is learned', async () => {
    const { clock, session, spend, waited } = await held();
    await spend('write', 2);
    expect(await waited()).toBe(10_001);
    await clock.advance(300);
    session.markWriteStart();
    await spend('write', 2);
    expect(await waited()).toBe(10_001 - 300);
  });

  it('is begun earlier by the slowest of the last five writes, and by none before them', async () => {
    const { clock, session, spend, waited } = await held();
    await waited();
    await clock.advance(500);
    session.markWriteStart();
    const leads = [];
    for (let writes = 0; writes < 6; writes += 1) {
      await spend('write', 2);
      leads.push(10_001 - (await waited()));
      session.markWriteStart();
      // Waits until the next write is alone in its window.
      await clock.advance(20_000);
    }
    expect(leads).toEqual([500, 500, 500, 500, 500, 0]);
  });

  it('is waited for without a lead where there are several writes, and the lead is no longer than a second', async () => {
    const { clock, session, spend, waited } = await held();
    await waited();
    await clock.advance(5000);
    session.markWriteStart();
    await spend('write', 2);
    expect(await waited()).toBe(9001);
    await spend('write', 2);
    expect(await waited(2)).toBe(10_001);
  });
});

describe('room for reads, the readers’ own included', () => {
  it('is not borrowed while the lane has enough of its own, or may not call', async () => {
    const store = createMemorySharedReads();
    const { session, spend, waited } = await held({}, { sharedReads: store });
    await spend('read', 14);
    expect([await waited(0, 2), store.calls]).toEqual([0, 0]);
    await spend('read', 2);
    session.limiter.obey(5000);
    expect([await waited(0, 0), await waited(0, 1), store.calls]).toEqual([0, 10_001, 0]);
  });

  it.each([
    [15, 3, 0],
    [16, 2, 0],
    [16, 3, 10_001],
  ])('is borrowed after %i reads for what is missing of %i more: the lane waits %i ms', async (spent, reads, ms) => {
    const { spend, waited } = await held({}, { sharedReads: createMemorySharedReads() });
    await spend('read', spent);
    expect(await waited(0, reads)).toBe(ms);
  });

  it('is given back as the lane is left', async () => {
    const store = createMemorySharedReads();
    const { session, spend, waited } = await held({}, { sharedReads: store });
    await spend('read', 16);
    await waited(0, 1);
    expect(store.places.get(LANE)?.reads).toHaveLength(2);
    await session.release();
    expect(store.places.get(LANE)?.reads).toEqual([]);
  });
});

it('the limits of a lane are the smallest of its tenants, less what others read', () => {
  const tenant = (customerId: string, reads: number, writes: number) => ({
    ...{ customerId, vanity: 'acme', budget: { reads, writes } },
  });
  const configuration = configurationSchema.parse({
    name: 'unit',
    tenants: { a: tenant('1', 20, 10), b: tenant('1', 18, 8), c: tenant('1', 19, 9), other: tenant('2', 12, 2) },
    sources: {},
  });
  expect(laneLimits(configuration, 'PRODUCTION:1', TIMING)).toEqual({ reads: 14, writes: 8, windowMs: 10_000 });
});
