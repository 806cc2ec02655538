import { describe, expect, it } from 'vitest';
import { scaleTiming, TIMING, timingFaults } from '../../../shared/domain/timing.ts';

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
