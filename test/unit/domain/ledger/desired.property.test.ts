import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldDesired, MAX_REMEMBERED_MEMBERS } from '../../../../shared/domain/ledger/desired.ts';
import { itemBytes, MAX_ITEM_BYTES } from '../../../../shared/domain/ledger/size-limits.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../../../shared/domain/records/desired-group.ts';
import { approvedFor, changeRecord, desiredFrom, settledWith } from '../ledger-items.ts';

const application = fc.constantFrom('101', '102', '103', '104', '105');
const applications = fc.uniqueArray(application, { maxLength: 4 });
const approved = fc
  .record({
    fields: fc.record(
      { name: fc.constantFrom('A', 'B'), description: fc.constantFrom('', 'x'), enabled: fc.boolean() },
      { requiredKeys: [] },
    ),
    members: fc.oneof(
      fc.record({ has: applications, hasNot: applications }),
      applications.map((exactly) => ({ has: [], hasNot: [], exactly })),
    ),
    deleted: fc.boolean(),
  })
  .map((over) => approvedFor('11', over));
const history = fc
  .array(approved, { minLength: 1, maxLength: 8 })
  .map((all) => all.map((one, index) => settledWith(index + 1, one)));

const fold = (records: readonly ChangeRecord[]) => {
  const [group] = desiredFrom(records);
  if (group === undefined) throw new Error('nothing was approved');
  return group;
};

describe('what tickets approved for a group', () => {
  it('does not depend on the order in which settled changes are folded, nor on how often', () => {
    const shuffled = history.chain((records) =>
      fc
        .tuple(
          fc.shuffledSubarray(records, { minLength: records.length }),
          fc.array(fc.nat(records.length - 1), { maxLength: 5 }),
        )
        .map(([order, again]) => ({ records, told: [...order, ...again.flatMap((index) => order[index] ?? [])] })),
    );
    fc.assert(
      fc.property(shuffled, ({ records, told }) => {
        expect(fold(told)).toEqual(fold(records));
      }),
    );
  });

  it('holds per field and application what the latest ticket said', () => {
    const group = fold([
      settledWith(
        1,
        approvedFor('11', { fields: { name: 'Old', enabled: false }, members: { has: ['101'], hasNot: [] } }),
      ),
      settledWith(2, approvedFor('11', { fields: { name: 'New' }, members: { has: ['102'], hasNot: ['101'] } })),
    ]);
    expect(group.name).toEqual({ value: 'New', sequence: 2, key: 'CHG2' });
    expect(group.enabled?.value).toBe(false);
    expect(group.description).toBeUndefined();
    expect(group.members).toEqual({ 101: [0, 2], 102: [1, 2] });
    expect(group.complete).toBeUndefined();
    expect(group.last).toMatchObject({ key: 'CHG2', ticket: 'T-2', source: 'desk', sequence: 2 });
  });

  it('forgets statements older than one of the whole membership', () => {
    const whole = settledWith(5, approvedFor('11', { members: { has: [], hasNot: [], exactly: ['102'] } }));
    const late = settledWith(3, approvedFor('11', { members: { has: ['103'], hasNot: [] } }));
    const group = fold([settledWith(1, approvedFor('11', { members: { has: ['101'], hasNot: [] } })), whole, late]);
    expect(group).toMatchObject({ complete: 5, members: { 102: [1, 5] } });
    expect(Object.keys(group.members)).toEqual(['102']);
  });

  it('a deleted group keeps its name and loses its members', () => {
    const group = fold([
      settledWith(1, approvedFor('11', { members: { has: [], hasNot: [], exactly: ['101'] } })),
      settledWith(2, approvedFor('11', { deleted: true })),
    ]);
    expect(group).toMatchObject({
      deleted: { sequence: 2, key: 'CHG2' },
      members: {},
      seenName: { value: 'Group 11' },
    });
    expect(group.complete).toBeUndefined();
  });

  it.each<[string, Partial<ChangeRecord>]>([
    [
      'rejected',
      { outcome: { kind: 'rejected', code: 'guarded', sentence: 's', remedy: 'r', generation: 1, at: 1, attempts: 1 } },
    ],
    ['superseded', { outcome: { kind: 'superseded', by: 'b', reason: 'r', generation: 1, at: 1, attempts: 1 } }],
    ['still open', { state: 'queued' }],
  ])('a change that is %s approves nothing', (_, over) => {
    expect(foldDesired(undefined, changeRecord(1, over))).toBeUndefined();
  });

  it('carries the version it was read with, so that a lost race is noticed', () => {
    const known: DesiredGroup = { ...fold([settledWith(1, approvedFor('11'))]), version: 7 };
    expect(foldDesired(known, settledWith(2, approvedFor('11')))?.version).toBe(7);
    expect(foldDesired(undefined, settledWith(2, approvedFor('11')))?.version).toBe(0);
  });

  it('remembers every application a tenant can have, within one item of the ledger', () => {
    const ids = Array.from({ length: 9000 }, (_, index) => `2161962573314${String(index).padStart(5, '0')}`);
    const steps = Array.from({ length: 9 }, (_, step) => ids.slice(step * 1000, step * 1000 + 1000));
    const records = steps.map((has, step) =>
      settledWith(1_000_000 + step, approvedFor('11', { members: { has, hasNot: [] } })),
    );
    const group = fold(records);
    expect(Object.keys(group.members)).toHaveLength(MAX_REMEMBERED_MEMBERS);
    expect(group.members[ids[8999] ?? '']).toEqual([1, 1_000_008]);
    expect(group.members[ids[0] ?? '']).toBeUndefined();
    expect(fold(records.toReversed()).members).toEqual(group.members);
    expect(itemBytes(group)).toBeLessThan(MAX_ITEM_BYTES);
  });
});
