import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemBytes, MAX_ITEM_BYTES } from '../../../../shared/domain/ledger/size-limits.ts';
import { approverOf, MAX_REMEMBERED_APPROVERS } from '../../../../shared/domain/records/approvers.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { approvedFor, changeRecord, desiredFrom, outcomeOf, settledWith } from '../ledger-items.ts';

/** Which change approved which part of a group. */

const fold = (records: readonly ChangeRecord[]) => {
  const [group] = desiredFrom(records);
  if (group === undefined) throw new Error('nothing was approved');
  return group;
};
const described = settledWith(1, approvedFor('11', { fields: { description: 'first' } }));
const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    settledWith(index + 2, approvedFor('11', { members: { has: [`${500 + index}`], hasNot: [] } })),
  );

describe('the change behind a part of a group', () => {
  it('is found by the sequence of the statement', () => {
    const group = fold([described, ...many(2)]);
    expect(approverOf(group, group.description?.sequence)).toMatchObject({
      key: 'CHG1',
      ticket: 'T-1',
      source: 'desk',
    });
    expect(approverOf(group, group.members['500']?.[1])).toMatchObject({ key: 'CHG2' });
    expect(approverOf(group, undefined)).toBeUndefined();
  });

  it('is known of a field however many changes follow, and of members for the newest changes', () => {
    const records = [described, ...many(MAX_REMEMBERED_APPROVERS + 5)];
    const group = fold(records);
    expect(Object.keys(group.approvals ?? {})).toHaveLength(MAX_REMEMBERED_APPROVERS + 1);
    expect(approverOf(group, 1)).toMatchObject({ key: 'CHG1' });
    expect(approverOf(group, group.members['500']?.[1])).toBeUndefined();
    expect(approverOf(group, group.members['599']?.[1])).toMatchObject({ key: 'CHG101' });
  });

  it('does not depend on the order in which changes are folded', () => {
    const records = [
      described,
      ...many(MAX_REMEMBERED_APPROVERS + 5),
      settledWith(300, approvedFor('11', { fields: { description: 'last' } })),
    ];
    const shuffled = fc.shuffledSubarray(records, { minLength: records.length });
    const inOrder = fold(records).approvals;
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(fold(order).approvals).toEqual(inOrder);
      }),
      { numRuns: 20 },
    );
  });

  it('of a record of an earlier version is the latest change alone', () => {
    const { approvals: _, ...earlier } = fold([described, ...many(1)]);
    expect([approverOf(earlier, 1), approverOf(earlier, 2)]).toEqual([undefined, earlier.last]);
  });

  it('fits the item with all remembered members, however long its keys are', () => {
    const long = 'K'.repeat(200);
    const records = Array.from({ length: 260 }, (_, step) => {
      const has = Array.from({ length: 40 }, (__, index) => `21619625733${String(step * 40 + index).padStart(7, '0')}`);
      const record = changeRecord(1_000_000 + step, {
        outcome: outcomeOf(approvedFor('11', { members: { has, hasNot: [] } })),
      });
      return {
        ...record,
        ref: { ...record.ref, source: 's'.repeat(64), idempotencyKey: long },
        ticket: { ...record.ticket, id: 'T'.repeat(200) },
      };
    });
    expect(itemBytes(fold(records))).toBeLessThan(MAX_ITEM_BYTES);
  });
});
