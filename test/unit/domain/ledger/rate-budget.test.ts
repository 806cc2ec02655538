import { describe, expect, it } from 'vitest';
import { mayStartAt, recordCall, UNUSED_BUDGET } from '../../../../shared/domain/ledger/rate-budget.ts';

const limits = { reads: 2, writes: 1, windowMs: 10_000 };

describe('the state of a budget', () => {
  it('forgets starts that no longer count, a whole window after them', () => {
    const state = { reads: [1000, 2000], writes: [1000], notBefore: 0 };
    expect(recordCall(state, 'read', limits, 11_000)).toEqual({
      reads: [1000, 2000, 11_000],
      writes: [1000],
      notBefore: 0,
    });
    expect(recordCall(state, 'write', limits, 11_001)).toEqual({ reads: [2000], writes: [11_001], notBefore: 0 });
    expect(mayStartAt(state, 'write', limits, 11_000)).toBe(11_001);
    expect(mayStartAt(state, 'write', limits, 50_000)).toBe(50_000);
  });

  it('counts starts in whatever order another machine’s clock wrote them', () => {
    const state = { ...UNUSED_BUDGET, reads: [5000, 1000, 3000] };
    expect(mayStartAt(state, 'read', limits, 6000)).toBe(13_001);
  });

  it('counts a start that lies ahead as one of now', () => {
    expect(mayStartAt({ ...UNUSED_BUDGET, writes: [90_000] }, 'write', limits, 6000)).toBe(16_001);
  });

  it.each([
    [1, 6000],
    [2, 11_001],
    [3, 15_001],
    [4, 15_001],
  ])('lets %i calls start together at %i, as far as the limit of three allows', (calls, at) => {
    const state = { ...UNUSED_BUDGET, reads: [1000, 5000] };
    expect(mayStartAt(state, 'read', { ...limits, reads: 3 }, 6000, calls)).toBe(at);
  });
});
