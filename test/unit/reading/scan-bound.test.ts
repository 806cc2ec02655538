import { describe, expect, it } from 'vitest';
import { scaleTiming, TIMING } from '../../../shared/domain/ledger/timing.ts';
import { largestScan, READS_PER_MICROTENANT, scanFault } from '../../../shared/reading/rules/scan-bound.ts';
import { POLICY_TYPES } from '../../../shared/zpa/api/policy-rules.ts';

describe('the bound of a scan for a deletion', () => {
  it('counts one read per policy type and microtenant', () => {
    expect(READS_PER_MICROTENANT).toBe(POLICY_TYPES.length);
  });

  it.each([
    [16, 84],
    [8, 42],
    [3, 14],
    [2, 0],
    [0, 0],
  ])('%i reads in a window scan %i microtenants in time', (reads, microtenants) => {
    expect(largestScan(reads, TIMING)).toBe(microtenants);
    expect(scanFault(microtenants + 1, reads, TIMING)).toMatchObject({ code: 'scan-too-long', scope: 'change' });
    if (microtenants > 0) expect(scanFault(microtenants, reads, TIMING)).toBeUndefined();
  });

  it('is the same in scaled time', () => {
    expect(largestScan(16, scaleTiming(TIMING, 60))).toBe(84);
  });
});
