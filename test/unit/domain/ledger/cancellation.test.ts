import { describe, expect, it } from 'vitest';
import {
  cancelOutcome,
  cancelRequestOf,
  isUnderWay,
  requestCancel,
  settleCancelled,
} from '../../../../shared/domain/ledger/cancellation.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../../shared/domain/records/intent.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { aChange, anApplied, aRef } from '../../../fakes/records.ts';

const open = aChange({ state: 'queued', generation: 2, attempts: 3 });
const asked = (generation = 2): ChangeRecord => ({
  ...open,
  cancelRequest: { generation, by: 'lena', reason: 'withdrawn', at: 7 },
});
const intentOf = (...members: ChangeRecord[]): Intent => ({
  writeId: 'w',
  tenant: 'acme',
  members: members.map(({ ref, generation, sequence }) => ({
    ref,
    generation,
    sequence,
    ending: reject('group-in-use', 'no'),
  })),
  writes: [],
  cursor: 0,
  sendBefore: 0,
});

describe('a wish to take a change back', () => {
  it('is noted once per generation, while the change is open', () => {
    const noted = requestCancel(open, 'lena', 'withdrawn', 7);
    expect(noted).toEqual(asked());
    expect(noted && requestCancel(noted, 'max', 'again', 8)).toBeUndefined();
    expect(requestCancel(asked(1), 'max', 'again', 8)?.cancelRequest).toEqual({
      generation: 2,
      by: 'max',
      reason: 'again',
      at: 8,
    });
    expect(requestCancel({ ...open, state: 'settled', outcome: anApplied() }, 'lena', 'late', 7)).toBeUndefined();
  });

  it('of an earlier generation is history', () => {
    expect([cancelRequestOf(asked(1)), cancelOutcome(asked(1)), settleCancelled(asked(1), 9)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(cancelRequestOf(open)).toBeUndefined();
  });

  it('settles the change, which nobody took up for it', () => {
    expect(settleCancelled(asked(), 9)).toMatchObject({
      state: 'settled',
      pending: ['sns'],
      outcome: { kind: 'cancelled', by: 'lena', reason: 'withdrawn', generation: 2, at: 9, attempts: 3 },
    });
    expect(settleCancelled({ ...asked(), state: 'settled', outcome: anApplied() }, 9)).toBeUndefined();
  });
});

describe('a change is under way', () => {
  const lane = newLane('L');
  const other = { ...open, ref: aRef('other') };

  it('while an intent names it, open or aside, at its generation', () => {
    expect(isUnderWay({ ...lane, intent: intentOf(other, open) }, open)).toBe(true);
    expect(isUnderWay({ ...lane, answered: [intentOf(other), intentOf(open)] }, open)).toBe(true);
    expect(isUnderWay({ ...lane, intent: intentOf({ ...open, generation: 1 }) }, open)).toBe(false);
    expect(isUnderWay({ ...lane, intent: intentOf(other), answered: [intentOf(other)] }, open)).toBe(false);
    expect(isUnderWay(lane, open)).toBe(false);
  });
});
