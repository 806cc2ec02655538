import { describe, expect, it } from 'vitest';
import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import type { RejectionCode } from '../../../../shared/domain/change/rejection-codes.ts';
import { foldDesired, withOwed } from '../../../../shared/domain/ledger/desired.ts';
import { settle } from '../../../../shared/domain/ledger/settlement.ts';
import { foldUnfound, groupsSought, soughtInVain } from '../../../../shared/domain/ledger/unfound.ts';
import { idsRemoved } from '../../../../shared/domain/outcome/parts-sought.ts';
import { aChange, aDesired, anUpdate, aRef, aRejected } from '../../../fakes/records.ts';

/** Rejected changes whose goal was reached without them. */

const common = { schemaVersion: 1, idempotencyKey: 'K', tenant: 'acme-test' } as const;
const deleting = (group: ChangeRequest['group']): ChangeRequest => ({ ...common, action: 'delete', group });
const removing = (...remove: ({ id: string } | { name: string })[]): ChangeRequest =>
  anUpdate({ group: { id: '7' }, applications: { remove } });

/** The rejection for lack of all that the change would have ended. */
const lacking = (change: ChangeRequest, code: RejectionCode) =>
  code === 'application-not-found'
    ? aRejected({ code, at: 77, path: 'applications', details: { applications: idsRemoved(change) } })
    : aRejected({ code, at: 77, path: 'group' });
const rejected = (change: ChangeRequest, code: RejectionCode = 'group-not-found', sequence = 9) =>
  aChange({
    ref: aRef(`CHG${sequence}`),
    sequence,
    change,
    state: 'settled',
    outcome: lacking(change, code),
    pending: ['desired', 'dlq', 'sns'],
  });
const ids = Array.from({ length: 250 }, (_, index) => `${1000 + index}`);
const members = Object.fromEntries(['5', '6', '9', ...ids].map((id) => [id, [1, 1] as [1, number]]));
const known = aDesired({ groupId: '7', name: { value: 'Büro', sequence: 1, key: 'CHG1' }, members });

describe('what a rejected change sought in vain', () => {
  it.each<[string, ChangeRequest, RejectionCode, Record<string, number> | undefined]>([
    ['a group to delete', deleting({ id: '7' }), 'group-not-found', { exists: 9 }],
    ['application segments to remove', removing({ id: '5' }, { id: '6' }), 'application-not-found', { 5: 9, 6: 9 }],
    ['an application segment that it names alone', removing({ name: 'wiki' }), 'application-not-found', undefined],
    ['a group to change', removing({ id: '5' }), 'group-not-found', undefined],
    ['a group to delete that is in use', deleting({ id: '7' }), 'group-in-use', undefined],
    [
      'an application segment to add',
      anUpdate({ group: { id: '7' }, applications: { add: [{ id: '5' }] } }),
      'application-not-found',
      undefined,
    ],
  ])('is remembered: %s', (_, change, code, unfound) => {
    const record = rejected(change, code);
    expect(soughtInVain(record)).toBe(unfound !== undefined);
    expect(foldDesired(known, record)?.unfound).toEqual(unfound);
    const settled = settle({ ...record, state: 'queued' }, 1, lacking(change, code), 77);
    expect(settled?.pending).toEqual(unfound === undefined ? ['dlq', 'sns'] : ['desired', 'dlq', 'sns']);
  });

  it('changes nothing else, and names the change', () => {
    expect(foldDesired(known, rejected(deleting({ id: '7' })))).toEqual({
      ...known,
      unfound: { exists: 9 },
      approvals: { 9: { key: 'CHG9', source: 'helpdesk', ticket: 'CHG0000001', at: 77 } },
    });
  });

  it('is nothing of a group of which nothing was approved, or not where the change looked for it', () => {
    expect(foldDesired(undefined, rejected(deleting({ id: '7' })))).toBeUndefined();
    expect(foldDesired(known, { ...rejected(deleting({ id: '7' })), microtenantId: '77' })).toBeUndefined();
  });

  it('is nothing that no ticket approved: neither grants nor guards judged it, and it would push out what counts', () => {
    const other = { ...known, members: { 5: [0, 1] as [0, number] } };
    expect(foldUnfound(other, rejected(removing({ id: '5' }, { id: '6' }), 'application-not-found'))).toBeUndefined();
  });

  it('is the latest of several, in any order, and survives a later approval', () => {
    const [early, late] = [3, 9].map((sequence) => rejected(deleting({ id: '7' }), 'group-not-found', sequence));
    for (const order of [
      [early, late],
      [late, early],
    ]) {
      const folded = order.reduce((group, one) => (one && foldUnfound(group, one)) ?? group, known);
      expect(folded.unfound).toEqual({ exists: 9 });
    }
  });

  it('is bounded by the newest', () => {
    const all = ids.map((id) => ({ id }));
    const folded = foldUnfound(known, rejected(removing(...all), 'application-not-found', 5));
    const again = folded && foldUnfound(folded, rejected(removing({ id: '9' }), 'application-not-found', 6));
    expect(Object.keys(again?.unfound ?? {})).toHaveLength(200);
    expect(again?.unfound).toMatchObject({ 9: 6, 1000: 5 });
  });
});

describe('the groups that it names', () => {
  const others = [
    known,
    aDesired({ groupId: '8', microtenantId: '77', name: { value: 'Büro', sequence: 1, key: 'K' } }),
  ];

  it.each<[string, ChangeRequest['group'], string | undefined, string[]]>([
    ['by id', { id: '7' }, undefined, ['7']],
    ['by the id of a group of another microtenant', { id: '7' }, '77', []],
    ['by name, in another Unicode form', { name: 'Bu\u0308ro' }, undefined, ['7']],
    ['by name, in its microtenant', { name: 'Büro' }, '77', ['8']],
    ['by another name', { name: 'Buero' }, undefined, []],
  ])('%s', (_, group, microtenantId, ids) => {
    const record = { ...rejected(deleting(group)), ...(microtenantId !== undefined && { microtenantId }) };
    expect(groupsSought(record, others)).toEqual(ids);
    expect(withOwed(others, [record]).flatMap((one) => (one.unfound ? [one.groupId] : []))).toEqual(ids);
    expect(withOwed(others, [{ ...record, pending: [] }]).filter(({ unfound }) => unfound)).toEqual([]);
  });

  it('by the name that it was seen with, if none was approved', () => {
    const { name: _, ...nameless } = known;
    const seen = { ...nameless, seenName: { value: 'Mail', sequence: 1, key: 'K' } };
    expect(groupsSought(rejected(deleting({ name: 'Mail' })), [seen, nameless])).toEqual(['7']);
  });
});
