import { describe, expect, it } from 'vitest';
import { foldDesired } from '../../../../shared/domain/ledger/desired.ts';
import type { Approved } from '../../../../shared/domain/outcome/outcome.ts';
import { approvedFor, changeRecord, outcomeOf, settledWith } from '../ledger-items.ts';

const members = (...has: string[]) => ({ members: { has, hasNot: [] } });

describe('the desired state after an accept', () => {
  const unchanged = (sequence: number, approved: Approved) =>
    changeRecord(sequence, { outcome: outcomeOf(approved, 'unchanged') });

  it('of all members is complete, and holds no other statement', () => {
    const first = foldDesired(undefined, settledWith(1, approvedFor('11', members('101', '102'))));
    const accepted = unchanged(2, approvedFor('11', { members: { has: [], hasNot: [], exactly: ['101', '103'] } }));
    expect(foldDesired(first, accepted)).toMatchObject({ complete: 2, members: { 101: [1, 2], 103: [1, 2] } });
    expect(Object.keys(foldDesired(first, accepted)?.members ?? {})).toEqual(['101', '103']);
  });

  it('of an absence is deleted, and alive again after an accept of the live group', () => {
    const first = foldDesired(undefined, settledWith(1, approvedFor('11', members('101'))));
    const gone = foldDesired(first, unchanged(2, approvedFor('11', { deleted: true })));
    expect(gone).toMatchObject({ deleted: { sequence: 2 }, last: { sequence: 2 }, members: {} });
    const alive = foldDesired(gone, unchanged(3, approvedFor('11', { fields: { enabled: true } })));
    expect(alive).toMatchObject({ deleted: { sequence: 2 }, last: { sequence: 3 }, enabled: { value: true } });
  });
});
