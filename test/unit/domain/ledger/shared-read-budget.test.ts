import { describe, expect, it } from 'vitest';
import {
  announceReader,
  borrowReads,
  completeRead,
  newSharedReadBudget,
  reserveRead,
  returnRead,
  type SharedReadBudget,
} from '../../../../shared/domain/ledger/shared-read-budget.ts';

const LIMITS = { reads: 2, writes: 1, windowMs: 1000 };
const NOW = 100_000;
const budget = (over: Partial<SharedReadBudget> = {}): SharedReadBudget => ({
  ...newSharedReadBudget('lane'),
  ...over,
});

it('a read counts for one window; another one may still be under way', () => {
  const before = budget({ reads: [NOW - 1001, NOW - 1000, NOW + 50] });
  expect(reserveRead(before, LIMITS, NOW, NOW + 90)).toMatchObject({
    reads: [NOW - 1000, NOW + 50, NOW + 90],
    readerAt: NOW,
  });
});

it.each<[string, number | undefined, boolean]>([
  ['nobody has', undefined, true],
  ['one has a window ago', NOW - 1000, true],
  ['one has in this window', NOW - 999, false],
])('a reader that waits says so, where %s', (_, readerAt, says) => {
  const before = budget({ readerAt });
  expect(announceReader(before, LIMITS, NOW)).toEqual(says ? { ...before, readerAt: NOW } : undefined);
});

describe('the lane borrows', () => {
  const UNTIL = NOW + 500;
  it.each<[string, Partial<SharedReadBudget>, number[] | undefined]>([
    ['every read, where there is none', {}, [UNTIL, UNTIL]],
    ['what is free', { readerAt: 0, reads: [NOW - 500] }, [NOW - 500, UNTIL]],
    ['nothing, where none is free', { readerAt: 0, reads: [NOW, NOW] }, undefined],
    ['nothing within six windows of a reader', { readerAt: NOW - 6000 }, undefined],
    ['again after six windows', { readerAt: NOW - 6001 }, [UNTIL, UNTIL]],
    ['nothing where a read may be a reader’s', { reads: [5, NOW - 6000] }, undefined],
    ['nothing while ZPA asks for silence', { notBefore: NOW + 1 }, undefined],
    ['again from that moment on', { notBefore: NOW }, [UNTIL, UNTIL]],
  ])('%s', (_, over, reads) => {
    expect(borrowReads(budget(over), LIMITS, NOW, UNTIL)?.reads).toEqual(reads);
  });
});

it('a read that was reserved is given back or completed, and no other', () => {
  const before = budget({ reads: [10, 20] });
  expect(returnRead(before, 10).reads).toEqual([20]);
  expect(completeRead(before, 20, 15).reads).toEqual([10, 15]);
  expect(completeRead(before, 20, 25).reads).toEqual([10, 20]);
  for (const after of [returnRead(before, 30), completeRead(before, 30, 15)]) expect(after).toBe(before);
});
