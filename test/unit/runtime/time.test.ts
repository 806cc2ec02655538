import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemChance, systemClock } from '../../../shared/runtime/clock.ts';
import { DeadlineError, deadlineOf } from '../../../shared/runtime/deadline.ts';

describe('systemClock', () => {
  it('sleeps, not at all for no time, and wakes with the reason when told to', async () => {
    await systemClock.sleep(1);
    await systemClock.sleep(0);
    await systemClock.sleep(-5);
    const reason = new DeadlineError('over');
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  it('tells epoch milliseconds', () => {
    const before = Date.now();
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });
});

describe('systemChance', () => {
  it('gives ids that differ and numbers below one', () => {
    expect(new Set(Array.from({ length: 1000 }, () => systemChance.id())).size).toBe(1000);
    expect(systemChance.random()).toBeLessThan(1);
  });
});

describe('deadlineOf', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('aborts the margin before the invocation ends, with a reason that has a code', () => {
    const endsAt = Date.now() + 10_000;
    using deadline = deadlineOf({ getRemainingTimeInMillis: () => endsAt - Date.now() }, 3_000);
    expect(deadline.remainingMs()).toBe(7_000);
    vi.advanceTimersByTime(6_999);
    expect(deadline.signal.aborted).toBe(false);
    expect(deadline.remainingMs()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(deadline.signal.reason).toMatchObject({ code: 'deadline' });
    vi.advanceTimersByTime(60_000);
    expect(deadline.remainingMs()).toBe(0);
  });

  it('holds no timer once it is disposed of', () => {
    {
      using _deadline = deadlineOf({ getRemainingTimeInMillis: () => 10_000 }, 0);
      expect(vi.getTimerCount()).toBe(1);
    }
    expect(vi.getTimerCount()).toBe(0);
  });
});
