import { describe, expect, it } from 'vitest';
import { scaleTiming, TIMING, type Timing, timingFaults } from '../../../../shared/domain/ledger/timing.ts';

const DAY = 24 * 3_600_000;

describe('timing', () => {
  it('holds together', () => {
    expect(timingFaults(TIMING)).toEqual([]);
    expect(timingFaults(scaleTiming(TIMING, 50))).toEqual([]);
  });

  it('says which numbers contradict each other', () => {
    expect(timingFaults({ ...TIMING, visibilityTimeoutMs: 60_000 })).toHaveLength(2);
    expect(timingFaults({ ...TIMING, leaseMs: 30_000 })).toEqual([
      'the lease must outlive the invocation that holds it',
    ]);
    expect(timingFaults({ ...TIMING, maxReceiveCount: 5 })).toHaveLength(2);
  });

  // The last value without a contradiction, and the next one.
  it.each<[string, keyof Timing, number, number]>([
    ['six function timeouts of visibility', 'visibilityTimeoutMs', 360_000, 359_999],
    ['a lease beyond its invocation', 'leaseMs', 60_001, 60_000],
    ['a lease within the visibility', 'leaseMs', 359_999, 360_000],
    ['room for every wait and a write', 'waitInPlaceMs', 27_000, 27_001],
    ['room beside the closing', 'closingMs', 5000, 5001],
    ['room for a slower request', 'requestTimeoutMs', 22_000, 22_001],
    ['room for a wider margin', 'writeMarginMs', 12_000, 12_001],
    ['a deferral that SQS takes', 'deferMaxMs', 1_799_999, 1_800_000],
    ['a ledger that outlives the queues', 'settledKeptMs', 14 * DAY + 1, 14 * DAY],
    ['an overdue time beyond every deferral', 'sweepOverdueAfterMs', 900_001, 900_000],
  ])('wants %s', (_, name, holds, not) => {
    expect(timingFaults({ ...TIMING, [name]: holds })).toEqual([]);
    expect(timingFaults({ ...TIMING, [name]: not })).toHaveLength(1);
  });

  it('wants room for one write, receives that outlast the retry window, and no more than SQS can hide', () => {
    const narrow = { ...TIMING, closingMs: 0, waitInPlaceMs: 0 };
    expect(timingFaults({ ...narrow, writeMarginMs: 39_999 })).toEqual([]);
    expect(timingFaults({ ...narrow, writeMarginMs: 40_000 })).toEqual([expect.stringContaining('one write')]);
    const long = { ...TIMING, sweepOverdueAfterMs: DAY };
    expect(timingFaults({ ...long, deferMaxMs: DAY / 2 })).toEqual([]);
    expect(timingFaults({ ...long, deferMaxMs: DAY / 2 + 1 })).toEqual([expect.stringContaining('twelve hours')]);
    const short = { ...TIMING, retryWindowMs: DAY };
    expect(timingFaults({ ...short, deferMinMs: 25_000 })).toEqual([]);
    expect(timingFaults({ ...short, deferMinMs: 24_999 })).toEqual([expect.stringContaining('deferred for longer')]);
    const many = { ...TIMING, maxReceiveCount: 5000 };
    expect(timingFaults({ ...many, retryWindowMs: 14 * DAY - 1 })).toEqual([]);
    expect(timingFaults({ ...many, retryWindowMs: 14 * DAY })).toEqual([expect.stringContaining('queue forgets')]);
    const few = { ...TIMING, deferMinMs: 900_000 };
    expect(timingFaults({ ...few, maxReceiveCount: 289 })).toEqual([]);
    expect(timingFaults({ ...few, maxReceiveCount: 288 })).toEqual([expect.stringContaining('full deferral')]);
    const fewer = { ...TIMING, deferMaxMs: 43_200_000, sweepOverdueAfterMs: DAY };
    expect(timingFaults({ ...fewer, maxReceiveCount: 865 })).toEqual([]);
    expect(timingFaults({ ...fewer, maxReceiveCount: 864 })).toEqual(['receives must outlast the retry window']);
  });

  it('is divided as a whole, counts excepted', () => {
    const { unknownTries, maxReceiveCount, leaseMs } = scaleTiming(TIMING, 10);
    expect({ unknownTries, maxReceiveCount, leaseMs }).toEqual({
      unknownTries: 6,
      maxReceiveCount: 1000,
      leaseMs: 7000,
    });
  });

  it('is as the documentation says', () => {
    expect(TIMING).toMatchObject({
      functionTimeoutMs: 60_000,
      visibilityTimeoutMs: 360_000,
      maxReceiveCount: 1000,
      deferMinMs: 30_000,
      deferMaxMs: 900_000,
      retryWindowMs: 72 * 3_600_000,
      quietPeriodMs: 60_000,
    });
  });
});
