import { describe, expect, it } from 'vitest';
import { acquireLane } from '../../../../functions/apply/lane/lane-session.ts';
import { hasTimeToWrite, waitInPlace } from '../../../../functions/apply/lane/wait-in-place.ts';
import { attributeFault, waitForTenant } from '../../../../functions/apply/settle/attribute-fault.ts';
import { jitter, troubleOf } from '../../../../functions/apply/settle/count-tries.ts';
import type { ZpaFault } from '../../../../shared/domain/group/group.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { interrupted } from '../../../fakes/interrupted.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, LANE } from '../lane-world.ts';

const enabling = { action: 'update', group: { name: 'Warehouse' }, set: { enabled: true } };
const minute = 60_000;

async function turn(lane: Partial<LaneRecord> = {}, remainingMs: number = TIMING.functionTimeoutMs) {
  const world = createLaneWorld();
  await world.ledger.writeLane({ ...newLane(LANE), ...lane }, 0);
  const records = [await world.accept('T-1', enabling), await world.accept('T-2', enabling)];
  const limits = { reads: 16, writes: 10, windowMs: 10_000 };
  const session = await acquireLane(world.ports, LANE, limits, new Set());
  if (session === undefined) throw new Error('the lane was free');
  const invocation = { remainingMs: () => remainingMs, signal: new AbortController().signal };
  const probes: ZpaFault[] = [];
  const zpa = interrupted(world.tenant.client(session.limiter), 'zpa', ({ method, phase }) => {
    const [fault] = probes;
    if (method === 'probe' && phase === 'before' && fault !== undefined)
      throw Object.assign(new Error('sick'), { fault, code: fault.code });
  });
  const context = {
    ports: { ...world.ports, chance: { ...world.ports.chance, random: () => 0 } },
    session,
    invocation,
    zpa,
  };
  const judge = (fault: Partial<ZpaFault>, count = 1) =>
    attributeFault(context, records.slice(0, count), aFault(fault));
  const read = () => world.ledger.readLane(LANE);
  return { world, context, session, records, probes, judge, read };
}
const change = { scope: 'change', effect: 'none' } as const;

describe('an error of ZPA', () => {
  it('that is certainly the change’s own rejects it, where it is alone', async () => {
    const { judge } = await turn();
    const fault = { code: 'already-exists', class: 'permanent', ...change } as const;
    expect(await judge(fault)).toMatchObject({ kind: 'reject', rejection: { code: 'group-exists' } });
    expect(await judge(fault, 2)).toEqual({ kind: 'one-by-one' });
  });

  it('of the tenant stops the lane, alarms once, and tries again later and later', async () => {
    const { world, judge, read } = await turn();
    const began = world.clock.now();
    const fault = {
      code: 'sign-in-refused',
      class: 'permanent',
      scope: 'tenant',
      effect: 'none',
      reason: 'No.',
    } as const;
    expect(await judge(fault)).toEqual({
      kind: 'end',
      end: { kind: 'wait', delayMs: 30_000, reason: 'sign-in-refused' },
    });
    expect(await read()).toMatchObject({
      stopped: {
        code: 'sign-in-refused',
        sentence: 'No.',
        since: began,
        tries: 1,
        probeAt: began + 30_000,
        alarmed: true,
      },
    });
    await world.clock.advance(10_000);
    const delays: unknown[] = [];
    for (let index = 0; index < 7; index += 1) {
      const verdict = await judge(fault);
      delays.push(verdict.kind === 'end' && verdict.end.kind === 'wait' && verdict.end.delayMs);
    }
    expect(delays).toEqual([1, 2, 4, 8, 15, 15, 15].map((minutes) => minutes * minute));
    expect(await read()).toMatchObject({ stopped: { tries: 8, since: began } });
    const stop = { name: 'LaneStopped', value: 1, dimensions: { lane: LANE } };
    expect(world.meter.counts).toEqual(Array.from({ length: 8 }, () => stop));
    expect(world.log.lines.filter(({ message }) => message === 'lane stopped')).toHaveLength(1);
    expect(await judge({ ...fault, retryAfterMs: 20 * minute })).toMatchObject({ end: { delayMs: 20 * minute } });
  });

  it('that nobody knows is the tenant’s if an unrelated read fails too', async () => {
    const { probes, judge, read } = await turn();
    probes.push(aFault({ code: 'unreachable', scope: 'tenant' }));
    const unknown = { code: 'odd', class: 'unknown', ...change } as const;
    expect(await judge(unknown)).toMatchObject({ kind: 'end', end: { kind: 'wait', reason: 'unreachable' } });
    const status = { code: 'odd', class: 'transient', status: 500, ...change } as const;
    expect(await judge(status)).toMatchObject({ kind: 'end', end: { reason: 'unreachable' } });
    expect(await read()).toMatchObject({ stopped: { code: 'unreachable' } });
    expect(await judge({ ...status, status: 499 })).toMatchObject({ end: { reason: 'odd' } });
    expect(await read()).not.toHaveProperty('stopped');
  });

  it('that nobody knows is tried six times, further and further apart, then rejects the change', async () => {
    const { world, records, judge, read } = await turn();
    const began = world.clock.now();
    const fault = { code: 'odd', class: 'unknown', ...change, reason: 'What?' } as const;
    const delays: number[] = [];
    for (let tries = 1; tries < 6; tries += 1) {
      expect((await judge(fault)).kind).toBe('end');
      delays.push(((await read()).trouble?.retryAt ?? 0) - began);
    }
    expect(delays).toEqual([28_125, 56_250, 112_500, 225_000, 450_000]);
    expect(await read()).toMatchObject({ trouble: { tries: 5, since: began, ref: records[0]?.ref, generation: 1 } });
    expect((await world.read('T-1')).attempts).toBe(5);
    expect(await judge(fault)).toMatchObject({
      kind: 'reject',
      rejection: { code: 'unclassified', sentence: expect.stringContaining('What?'), zpaError: { code: 'odd' } },
    });
    expect((await world.read('T-1')).attempts).toBe(5);
  });

  it('that may pass is tried again no sooner than ZPA says', async () => {
    const { judge, read } = await turn();
    const fault = { code: 'concurrent-change', class: 'transient', ...change, retryAfterMs: 11 * minute } as const;
    expect(await judge(fault)).toMatchObject({ end: { delayMs: 11 * minute } });
    expect((await read()).trouble?.tries).toBe(1);
  });

  it('that says when is obeyed in silence', async () => {
    const { world, session, judge, read } = await turn();
    const fault = { code: 'rate-limited', class: 'transient', scope: 'tenant', effect: 'none' } as const;
    const began = world.clock.now();
    expect(await judge({ ...fault, retryAfterMs: 4000 })).toEqual({ kind: 'retry' });
    expect(world.clock.now()).toBe(began + 4000);
    expect(await judge({ ...fault, retryAfterMs: 40_000 })).toMatchObject({ end: { kind: 'wait', delayMs: 40_000 } });
    await session.save({});
    expect((await read()).budget.notBefore).toBe(began + 44_000);
    expect(world.meter.counts).toEqual(
      [1, 2].map(() => ({ name: 'RateLimited', value: 1, dimensions: { lane: LANE } })),
    );
    const unsaid = await turn();
    const before = unsaid.world.clock.now();
    await unsaid.judge(fault);
    expect(unsaid.world.clock.now()).toBe(before + TIMING.budgetWindowMs);
  });

  it('of ours is nobody’s: taken anew, or in the next invocation', async () => {
    const { judge } = await turn();
    expect(await judge({ code: 'too-late' })).toEqual({ kind: 'retry' });
    expect(await judge({ code: 'aborted' })).toEqual({ kind: 'end', end: { kind: 'again' } });
  });

  it('counts as a try only of the generation that met it, and of a change that is still open', async () => {
    const fault = { code: 'odd', class: 'unknown', ...change } as const;
    const redriven = await turn();
    const first = await redriven.world.read('T-1');
    await redriven.world.ledger.writeChange({ ...first, generation: 2 }, first.version);
    await redriven.judge(fault);
    expect((await redriven.world.read('T-1')).attempts).toBe(0);
    const settled = await turn();
    const other = await settled.world.read('T-1');
    await settled.world.ledger.writeChange({ ...other, state: 'settled' }, other.version);
    await settled.judge(fault);
    expect((await settled.world.read('T-1')).attempts).toBe(0);
  });

  it('of ours while the tenant is probed is no error of ZPA', async () => {
    const { context, records } = await turn();
    const probe = () => Promise.reject(new TypeError('a bug of ours'));
    const zpa = { ...context.zpa, probe };
    const fault = aFault({ code: 'odd', class: 'unknown', ...change });
    await expect(attributeFault({ ...context, zpa }, records, fault)).rejects.toThrow('a bug of ours');
  });

  it('counts against no change whose record cannot be read', async () => {
    const { judge } = await turn();
    expect(await judge({}, 0)).toEqual({ kind: 'retry' });
  });
});

describe('a tenant that fails a look', () => {
  const look = async (fault: Partial<ZpaFault>) => {
    const { context, read } = await turn();
    const end = await waitForTenant(context, aFault(fault));
    if (fault.code !== 'odd') expect(await read()).not.toHaveProperty('stopped');
    return end;
  };

  it('is no change’s fault: the lane waits', async () => {
    expect(await look({ code: 'odd', class: 'unknown', scope: 'change' })).toMatchObject({
      kind: 'wait',
      delayMs: 30_000,
      reason: 'odd',
    });
    expect(await look({ code: 'aborted' })).toEqual({ kind: 'again' });
    expect(await look({ code: 'rate-limited', retryAfterMs: 40_000 })).toMatchObject({
      delayMs: 40_000,
      reason: 'rate-limited',
    });
  });
});

describe('trouble', () => {
  it('is of one change, at one generation', async () => {
    const { records } = await turn();
    const [one, other] = records;
    if (one === undefined || other === undefined) throw new Error('two were accepted');
    const trouble = { ref: one.ref, generation: 1, tries: 2, since: 1, retryAt: 2 };
    const lane = { ...newLane(LANE), trouble };
    expect(troubleOf(lane, one)).toEqual(trouble);
    expect(troubleOf(lane, other)).toBeUndefined();
    expect(troubleOf(lane, { ...one, generation: 2 })).toBeUndefined();
    expect(troubleOf(newLane(LANE), one)).toBeUndefined();
  });

  it('is waited for up to a fifth longer', () => {
    const of = (random: number) => jitter({ chance: { id: () => '', random: () => random } }, 1000);
    expect([of(0), of(0.5), of(1)]).toEqual([1000, 1100, 1200]);
  });
});

describe('a wait', () => {
  const waiting = async (ms: number, remainingMs?: number) => {
    const { world, context, session } = await turn({}, remainingMs);
    const began = world.clock.now();
    const end = await waitInPlace(context.ports, session, context.invocation, began + ms, 'why');
    return { end, waited: world.clock.now() - began };
  };

  it('is made in place if it is short and leaves time for a write', async () => {
    expect(await waiting(0)).toEqual({ end: undefined, waited: 0 });
    expect(await waiting(-5)).toEqual({ end: undefined, waited: 0 });
    // A wait that is over needs no time for a write.
    expect(await waiting(0, 0)).toEqual({ end: undefined, waited: 0 });
    expect(await waiting(24_999)).toEqual({ end: undefined, waited: 24_999 });
    expect(await waiting(25_000)).toEqual({ end: { kind: 'wait', delayMs: 25_000, reason: 'why' }, waited: 0 });
    expect(await waiting(1000, 31_000)).toEqual({ end: undefined, waited: 1000 });
    expect(await waiting(1000, 30_999)).toEqual({ end: { kind: 'again' }, waited: 0 });
  });

  it('is not made under a lease that ends before the write', async () => {
    const { world, context, session } = await turn();
    await world.clock.advance(TIMING.leaseMs - 31_000);
    const until = (ms: number) =>
      waitInPlace(context.ports, session, context.invocation, world.clock.now() + ms, 'why');
    expect(await until(1001)).toEqual({ kind: 'again' });
    expect(await until(1000)).toBeUndefined();
  });
});

describe('time for a write', () => {
  it('is the request and a margin, of the lease as of the invocation', async () => {
    const has = async (remainingMs: number, spareMs?: number) => {
      const { context, session } = await turn({}, remainingMs);
      return hasTimeToWrite(context.ports, session, context.invocation, spareMs);
    };
    expect([await has(30_000), await has(29_999), await has(30_100, 100), await has(30_099, 100)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    const { world, context, session } = await turn();
    await world.clock.advance(TIMING.leaseMs - 30_000);
    expect(hasTimeToWrite(context.ports, session, context.invocation)).toBe(true);
    await world.clock.advance(1);
    expect(hasTimeToWrite(context.ports, session, context.invocation)).toBe(false);
  });

  it('is none once the invocation is aborted', async () => {
    const { context, session } = await turn();
    expect(hasTimeToWrite(context.ports, session, { ...context.invocation, signal: AbortSignal.abort() })).toBe(false);
  });
});
