import { describe, expect, it } from 'vitest';
import { acquireLane } from '../../../../functions/apply/lane/lane-session.ts';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { laneLimits } from '../../../../shared/reading/lane-limits.ts';
import { aRef } from '../../../fakes/records.ts';
import { createLaneWorld, LANE } from '../lane-world.ts';

const limits = { reads: 16, writes: 2, windowMs: 10_000 };
const take = (ports: ApplyPorts, finished = new Set<string>()) => acquireLane(ports, LANE, limits, finished);
const never = new AbortController().signal;
const member = (sequence: number) => ({ ref: aRef(`K${sequence}`), generation: 1, sequence });

async function held(over: Partial<LaneRecord> = {}) {
  const world = createLaneWorld();
  if (Object.keys(over).length > 0) await world.ledger.writeLane({ ...newLane(LANE), ...over }, 0);
  const session = await take(world.ports);
  if (session === undefined) throw new Error('the lane was free');
  return { world, session, read: () => world.ledger.readLane(LANE) };
}

describe('a lane', () => {
  it('is worked by one worker at a time, until it is given back or the lease ends', async () => {
    const { world, session, read } = await held();
    const until = world.clock.now() + TIMING.leaseMs;
    expect(await read()).toMatchObject({ fence: 1, lease: { until } });
    expect(await take(world.ports)).toBeUndefined();
    await session.release();
    expect(await read()).not.toHaveProperty('lease');
    expect((await take(world.ports))?.lane().fence).toBe(2);
    await world.clock.advance(TIMING.leaseMs - 1);
    expect(await take(world.ports)).toBeUndefined();
    await world.clock.advance(1);
    expect((await take(world.ports))?.lane().fence).toBe(3);
  });

  it('is nobody’s who wrote it later', async () => {
    const world = createLaneWorld();
    const { ledger } = world;
    const racing = {
      ...ledger,
      readLane: async (lane: string) => {
        const found = await ledger.readLane(lane);
        await take(world.ports);
        return found;
      },
    };
    expect(await take({ ...world.ports, ledger: racing })).toBeUndefined();
  });

  it('is lost to whoever took it: nothing more is written', async () => {
    const { world, session } = await held();
    await world.clock.advance(TIMING.leaseMs);
    await take(world.ports);
    await expect(session.save({ through: 5 })).rejects.toMatchObject({ name: 'LeaseLostError', code: 'lease-lost' });
    expect(await world.ledger.readLane(LANE)).toMatchObject({ fence: 2, through: 0 });
  });

  it('is lost too where its item is gone, or was given back in our name', async () => {
    const { world, session, read } = await held();
    const { lease: _, ...free } = await read();
    await world.ledger.writeLane(free, free.version);
    await expect(session.save({ through: 5 })).rejects.toMatchObject({ code: 'lease-lost' });
    const gone = createLaneWorld();
    let taken = false;
    const writeLane: ApplyPorts['ledger']['writeLane'] = async (record, expected) => {
      if (taken) return { written: false, found: undefined };
      taken = true;
      return gone.ledger.writeLane(record, expected);
    };
    const orphan = await take({ ...gone.ports, ledger: { ...gone.ledger, writeLane } });
    await expect(orphan?.save({ through: 5 })).rejects.toMatchObject({ code: 'lease-lost' });
  });

  it('is written at the first go where nobody else wrote it', async () => {
    const world = createLaneWorld();
    let writes = 0;
    const ledger = {
      ...world.ledger,
      writeLane: (record: LaneRecord, expected: number) => {
        writes += 1;
        return world.ledger.writeLane(record, expected);
      },
    };
    const session = await take({ ...world.ports, ledger });
    await session?.save({ through: 1 });
    await session?.save({ through: 2 });
    expect(writes).toBe(3);
  });

  it('tells how long the lease lasts', async () => {
    const { world, session } = await held();
    await world.clock.advance(10_000);
    expect(session.leaseLeftMs()).toBe(60_000);
    await session.release();
    expect(session.leaseLeftMs()).toBeLessThanOrEqual(0);
  });
});

describe('what a worker writes into its lane', () => {
  it('is noted at once, and written with the next save; undefined takes a field away', async () => {
    const { session, read } = await held({
      skipped: [3],
      stopped: { code: 'x', sentence: 's', since: 1, tries: 1, probeAt: 2, alarmed: true },
    });
    session.stage({ through: 7, stopped: undefined });
    expect(session.lane()).toMatchObject({ through: 7 });
    expect(await read()).toMatchObject({ through: 0, stopped: { code: 'x' } });
    await session.save({ skipped: [] });
    expect(await read()).toMatchObject({ through: 7, skipped: [], version: 3 });
    expect(await read()).not.toHaveProperty('stopped');
  });

  it('carries the budget', async () => {
    const { world, session, read } = await held();
    (await session.limiter.take('write', never))();
    await session.save({});
    expect((await read()).budget.writes).toEqual([world.clock.now()]);
  });

  it('keeps what an operator wrote beside it, and only that', async () => {
    const paused = { by: 'lena', reason: 'look', since: 1 };
    const { world, session, read } = await held();
    await world.ledger.writeLane({ ...(await read()), paused }, 1);
    await session.save({ through: 3 });
    expect(await read()).toMatchObject({ paused, through: 3 });
    const { paused: _, ...resumed } = await read();
    await world.ledger.writeLane(resumed, resumed.version);
    await session.save({ through: 4 });
    expect(await read()).toMatchObject({ through: 4 });
    expect(await read()).not.toHaveProperty('paused');
  });

  it('says what is in hand until it is given back cleanly', async () => {
    const working = { members: [member(1)], strikes: 0, since: 0 };
    const clean = await held();
    await clean.session.save({ working });
    await clean.session.release();
    expect(await clean.read()).not.toHaveProperty('working');
    const unclean = await held();
    await unclean.session.save({ working });
    await unclean.session.releaseUnfinished();
    expect(await unclean.read()).toMatchObject({ working });
    expect(await unclean.read()).not.toHaveProperty('lease');
  });
});

describe('a successor of a worker that died', () => {
  const lease = { owner: 'dead', until: 1 };
  const succeeded = async (over: Partial<LaneRecord>) => {
    const { world, session } = await held({ lease, ...over });
    return { lane: session.lane(), now: world.clock.now() };
  };

  it('is silent for a whole rate window', async () => {
    const { lane, now } = await succeeded({});
    expect(lane.budget.notBefore).toBe(now + limits.windowMs);
    const clean = await held({ fence: 7 });
    expect(clean.session.lane().budget.notBefore).toBe(0);
  });

  it('counts a strike against the one change that was in hand', async () => {
    const { lane } = await succeeded({ working: { members: [member(4)], strikes: 1, since: 5 } });
    expect(lane).toMatchObject({ working: { strikes: 2, since: 5 } });
    expect(lane).not.toHaveProperty('oneByOneUntil');
  });

  it('counts none where that worker had only the lease, and what is named there was named by one before it', async () => {
    const working = { members: [member(4)], strikes: 1, since: 5 };
    const { lane } = await succeeded({ working, lease: { owner: 'dead', until: 6 + TIMING.leaseMs } });
    expect(lane).toMatchObject({ working: { strikes: 1, since: 5 } });
    const named = await succeeded({ working, lease: { owner: 'dead', until: 5 + TIMING.leaseMs } });
    expect(named.lane).toMatchObject({ working: { strikes: 2 } });
  });

  it('takes several that were in hand one by one, and others as before', async () => {
    const working = { members: [member(4), member(9), member(6)], strikes: 0, since: 5 };
    expect((await succeeded({ working })).lane).toMatchObject({ oneByOneUntil: 9, working: { strikes: 0 } });
    expect((await succeeded({ working, oneByOneUntil: 12 })).lane).toMatchObject({ oneByOneUntil: 12 });
    expect((await succeeded({})).lane).not.toHaveProperty('oneByOneUntil');
  });
});

describe('room for calls', () => {
  it('is where so many may start one after the other', async () => {
    const { world, session } = await held();
    const now = world.clock.now();
    expect(session.budgetFreeAt({ reads: 16, writes: 2 })).toBe(now);
    (await session.limiter.take('write', never))();
    expect(session.budgetFreeAt({ reads: 1, writes: 1 })).toBe(now);
    expect(session.budgetFreeAt({ reads: 1, writes: 2 })).toBe(now + 10_001);
    expect(session.budgetFreeAt({ reads: 1, writes: 0 })).toBe(now);
    (await session.limiter.take('read', never))();
    expect(session.budgetFreeAt({ reads: 15, writes: 0 })).toBe(now);
    expect(session.budgetFreeAt({ reads: 16, writes: 0 })).toBe(now + 10_001);
    // More calls than a window allows may start as soon as the window is free.
    expect(session.budgetFreeAt({ reads: 99, writes: 0 })).toBe(now + 10_001);
  });

  it('is waited for, and a write’s lead is learned', async () => {
    const { world, session } = await held();
    const began = world.clock.now();
    (await session.limiter.take('write', never))();
    (await session.limiter.take('write', never))();
    await session.waitForBudget(never, { reads: 1, writes: 1 });
    expect(world.clock.now() - began).toBe(10_001);
    await world.clock.advance(300);
    session.markWriteStart();
    (await session.limiter.take('write', never))();
    (await session.limiter.take('write', never))();
    const again = world.clock.now();
    await session.waitForBudget(never, { reads: 1, writes: 1 });
    expect(world.clock.now() - again).toBe(10_001 - 300);
  });

  it('is begun earlier by the slowest of the last five writes, and by none before them', async () => {
    const { world, session } = await held();
    await session.waitForBudget(never, { reads: 1, writes: 1 });
    await world.clock.advance(500);
    session.markWriteStart();
    /** Measures, in ms, how much earlier than its window the next write may start. */
    const lead = async () => {
      for (const _ of [1, 2]) (await session.limiter.take('write', never))();
      const spent = world.clock.now();
      await session.waitForBudget(never, { reads: 1, writes: 1 });
      session.markWriteStart();
      const early = 10_001 - (world.clock.now() - spent);
      // Waits until the next write is alone in its window.
      await world.clock.advance(20_000);
      return early;
    };
    const leads = [];
    for (let writes = 0; writes < 6; writes += 1) leads.push(await lead());
    expect(leads).toEqual([500, 500, 500, 500, 500, 0]);
  });

  it('is waited for without a lead where there are several writes, and the lead is no longer than a second', async () => {
    const { world, session } = await held();
    await session.waitForBudget(never, { reads: 1, writes: 1 });
    await world.clock.advance(5000);
    session.markWriteStart();
    const spend = async () => {
      (await session.limiter.take('write', never))();
      (await session.limiter.take('write', never))();
      return world.clock.now();
    };
    const first = await spend();
    await session.waitForBudget(never, { reads: 1, writes: 1 });
    expect(world.clock.now() - first).toBe(9001);
    const second = await spend();
    await session.waitForBudget(never, { reads: 1, writes: 2 });
    expect(world.clock.now() - second).toBe(10_001);
  });
});

describe('the limits of a lane', () => {
  it('are the smallest of its tenants, less what others read', () => {
    const tenant = (customerId: string, reads: number, writes: number) => ({
      customerId,
      vanity: 'acme',
      budget: { reads, writes },
    });
    const configuration = configurationSchema.parse({
      name: 'unit',
      tenants: { a: tenant('1', 20, 10), b: tenant('1', 18, 8), c: tenant('1', 19, 9), other: tenant('2', 12, 2) },
      sources: {},
    });
    expect(laneLimits(configuration, 'PRODUCTION:1', TIMING)).toEqual({ reads: 14, writes: 8, windowMs: 10_000 });
  });
});
