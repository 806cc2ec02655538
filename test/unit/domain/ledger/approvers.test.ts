import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitDesired, itemBytes, MAX_ITEM_BYTES } from '../../../../shared/domain/ledger/size-limits.ts';
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

  it('fits the item with all that a group remembers besides, however long each of it is', () => {
    const ids = (step: number, count: number) =>
      Array.from({ length: count }, (_, index) => `2161962573312${String(step * 100 + index).padStart(7, '0')}`);
    const fields = { name: 'ü'.repeat(255), description: '漢'.repeat(4000), enabled: true };
    const approvals = [
      approvedFor('11', { fields, members: { has: [], hasNot: [], exactly: ids(1000, 600) } }),
      ...Array.from({ length: MAX_REMEMBERED_APPROVERS + 4 }, (_, step) =>
        approvedFor('11', { members: { has: ids(step, 100), hasNot: step === 0 ? ids(1000, 600) : [] } }),
      ),
    ];
    const named = (record: ChangeRecord): ChangeRecord => ({
      ...record,
      ref: { ...record.ref, source: 's'.repeat(64), idempotencyKey: `${record.sequence}`.padEnd(200, 'K') },
      ticket: { ...record.ticket, id: '漢'.repeat(200) },
    });
    const records = approvals.map((one, step) =>
      named(changeRecord(1_000_000_000 + step, { outcome: outcomeOf(one) })),
    );
    const unfound = Object.fromEntries(ids(3000, 200).map((id, index) => [id, 1_000_000_000 + index]));
    const group = { ...fold(records), unfound };
    expect(itemBytes(group)).toBeGreaterThan(MAX_ITEM_BYTES);
    const { approvals: kept, ...rest } = fitDesired(group);
    expect(itemBytes(fitDesired(group))).toBeLessThan(MAX_ITEM_BYTES - 8 * 1024);
    expect({ ...group, approvals: undefined }).toEqual({ ...rest, approvals: undefined });
    expect([Object.keys(rest.members).length, Object.keys(rest.formerly ?? {}).length]).toEqual([8000, 500]);
    expect(Object.keys(kept ?? {})).toEqual(
      expect.arrayContaining(['1000000000', `${1_000_000_000 + approvals.length - 1}`]),
    );
  });

  it('is not forgotten where there is room for all', () => {
    const group = fold([described, ...many(MAX_REMEMBERED_APPROVERS + 5)]);
    expect(fitDesired(group)).toBe(group);
  });
});
