import { describe, expect, it } from 'vitest';
import { type BudgetLimiter, createBudgetLimiter } from '../../../shared/zpa/budget-limiter.ts';
import { virtualClock } from './virtual-clock.ts';

const limits = { reads: 3, writes: 2, windowMs: 10_000 };

/** A call that is answered at the instant of its start. */
const call = async (limiter: BudgetLimiter, kind: 'read' | 'write') => (await limiter.take(kind))();

describe('budget limiter', () => {
  it('lets the budget through at once and the next ones when the window has moved on', async () => {
    const clock = virtualClock(0);
    const limiter = createBudgetLimiter({ limits, clock });
    const at: number[] = [];
    await Promise.all(Array.from({ length: 7 }, () => call(limiter, 'read').then(() => at.push(clock.now()))));
    expect(at).toEqual([0, 0, 0, 10_001, 10_001, 10_001, 20_002]);
  });

  it('waits one window for calls that a predecessor recorded by a clock ahead of its own', async () => {
    const clock = virtualClock(0);
    const state = { reads: [], writes: [600_000, 600_000], notBefore: 0 };
    const limiter = createBudgetLimiter({ limits, clock, state });
    await call(limiter, 'write');
    expect(clock.now()).toBe(10_001);
  });

  it('counts reads and writes apart', async () => {
    const clock = virtualClock(0);
    const limiter = createBudgetLimiter({ limits, clock });
    for (const kind of ['write', 'write', 'read'] as const) await call(limiter, kind);
    expect(clock.now()).toBe(0);
  });

  it('holds calls that wait already when ZPA asks for silence', async () => {
    const clock = virtualClock(0);
    const limiter = createBudgetLimiter({ limits, clock });
    for (let n = 0; n < 3; n += 1) await call(limiter, 'read');
    const waiting = call(limiter, 'read').then(() => clock.now());
    limiter.obey(30_000);
    expect(await waiting).toBe(30_000);
    await call(limiter, 'write');
    expect(clock.now()).toBe(30_000);
  });

  it('counts a call from its answer: it may have arrived at any time before', async () => {
    const clock = virtualClock(0);
    const limiter = createBudgetLimiter({ limits: { ...limits, writes: 1 }, clock });
    const answered = await limiter.take('write');
    clock.advance(700);
    answered();
    answered();
    expect(limiter.state().writes).toEqual([700]);
    await call(limiter, 'write');
    expect(clock.now()).toBe(10_701);
  });

  it('a call under way keeps its place however long it takes, in the state that is handed on too', async () => {
    const clock = virtualClock(0);
    const limiter = createBudgetLimiter({ limits: { ...limits, writes: 1 }, clock });
    const answered = await limiter.take('write');
    clock.advance(25_000);
    expect(limiter.state().writes).toEqual([25_000]);
    let isSent = false;
    const next = call(limiter, 'write').then(() => {
      isSent = true;
    });
    clock.advance(5_000);
    expect(isSent).toBe(false);
    answered();
    await next;
    expect(clock.now()).toBeGreaterThanOrEqual(40_001);
  });

  it('a successor built from the state stays in the same window', async () => {
    const clock = virtualClock(50_000);
    const first = createBudgetLimiter({ limits, clock });
    await call(first, 'write');
    clock.advance(4_000);
    await call(first, 'write');
    const second = createBudgetLimiter({ limits, clock, state: first.state() });
    await call(second, 'write');
    expect(clock.now()).toBe(60_001);
  });

  it('an aborted wait rejects with the reason and takes no place', async () => {
    const clock = virtualClock(0);
    const limiter = createBudgetLimiter({ limits, clock });
    for (let n = 0; n < 2; n += 1) await call(limiter, 'write');
    const stop = new AbortController();
    const waiting = limiter.take('write', stop.signal);
    stop.abort(new Error('deadline'));
    await expect(waiting).rejects.toThrow('deadline');
    expect(limiter.state().writes).toHaveLength(2);
  });

  it('a budget of none rejects instead of waiting for ever', async () => {
    const limiter = createBudgetLimiter({ limits: { ...limits, writes: 0 }, clock: virtualClock() });
    await expect(limiter.take('write')).rejects.toMatchObject({ code: 'no-budget' });
  });
});
