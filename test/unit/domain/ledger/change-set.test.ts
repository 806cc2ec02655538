import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UpdateRequest } from '../../../../shared/domain/change/change.ts';
import {
  notAttempted,
  setKey,
  stopsOnReject,
  withCause,
  withDependents,
} from '../../../../shared/domain/ledger/change-set.ts';
import type { Outcome } from '../../../../shared/domain/outcome/outcome.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { aChange, anApplied, anUpdate, aRef, aRejected } from '../../../fakes/records.ts';

type Member = { onReject?: 'stop' | 'continue'; set?: string; outcome?: Outcome; over?: Partial<ChangeRecord> };

function member(index: number, { onReject = 'stop', set = 'CHG1', outcome, over = {} }: Member = {}): ChangeRecord {
  const ref = aRef(`${set}/${index}`);
  return aChange({
    ref,
    sequence: index,
    change: anUpdate({ idempotencyKey: ref.idempotencyKey, changeSet: { id: set, index, size: 9, onReject } }),
    ...(outcome === undefined ? {} : { state: 'settled', outcome, failed: outcome.kind === 'rejected' }),
    ...over,
  });
}
const failed = (index: number, more: Member = {}) => member(index, { outcome: aRejected(), ...more });

describe('a set that stops on a rejection', () => {
  it('is one per source, tenant and id', () => {
    const other = (over: Partial<ChangeRecord['ref']>) => setKey({ ...member(1), ref: aRef('k', over) });
    const keys = [
      setKey(member(1)),
      setKey(member(1, { set: 'CHG2' })),
      other({ source: 'x' }),
      other({ tenant: 'y' }),
    ];
    expect(new Set(keys).size).toBe(4);
    expect(setKey(member(2))).toBe(keys[0]);
    expect(setKey(aChange())).toBeUndefined();
  });

  it('does not attempt what comes after a rejected member, and names the first of them', () => {
    expect(notAttempted(member(3), [failed(2), failed(1)])).toMatchObject({
      code: 'not-attempted',
      sentence: expect.stringContaining('CHG1/1'),
      details: { causedBy: { idempotencyKey: 'CHG1/1', code: 'group-not-found' } },
    });
  });

  it.each<[string, ChangeRecord, ChangeRecord[]]>([
    ['a set that continues', member(2, { onReject: 'continue' }), [failed(1)]],
    ['a later member', member(2), [failed(3)]],
    ['the same index', member(2), [failed(2)]],
    ['a member that was redriven', member(2), [member(1, { over: { state: 'queued', generation: 2 } })]],
    ['a member applied in the end', member(2), [member(1, { outcome: anApplied({ generation: 2 }) })]],
    [
      'a cancelled member',
      member(2),
      [member(1, { outcome: { kind: 'cancelled', by: 'x', reason: 'y', generation: 1, at: 1, attempts: 0 } })],
    ],
  ])('is not stopped by %s', (_, record, members) => {
    expect(notAttempted(record, members)).toBeUndefined();
  });

  it('is stopped by a member that was put aside', () => {
    const discarded = failed(1, { over: { failed: false, discarded: { by: 'lena', at: 1 } } });
    expect(notAttempted(member(2), [discarded])).toMatchObject({ code: 'not-attempted' });
  });

  it('has to be asked about from its second member on', () => {
    expect([1, 2].map((index) => stopsOnReject(member(index)))).toEqual([false, true]);
    expect(stopsOnReject(member(2, { onReject: 'continue' }))).toBe(false);
  });
});

describe('a rejection that follows from an earlier one', () => {
  const missing = reject('group-not-found', 'There is no segment group "Printers".');

  it('names the latest of its set', () => {
    const caused = withCause(member(4), missing, [failed(1), failed(3), failed(5), failed(2)]);
    expect(caused).toMatchObject({ ...missing, details: { causedBy: { idempotencyKey: 'CHG1/3' } } });
  });

  it('names the latest of its group, by the name it has or was to get', () => {
    const renaming = aChange({
      ref: aRef('CHG7/1'),
      sequence: 1,
      change: anUpdate({ group: { id: '9' }, set: { name: 'Printers' } }),
      state: 'settled',
      outcome: aRejected(),
    });
    const later = aChange({ sequence: 5 });
    expect(withCause(later, missing, [renaming]).details).toMatchObject({ causedBy: { idempotencyKey: 'CHG7/1' } });
    const unrelatedOnes: ChangeRecord[] = [
      { ...renaming, ref: { ...renaming.ref, tenant: 'other' } },
      { ...renaming, change: { ...renaming.change, microtenant: 'berlin' } },
      { ...renaming, change: anUpdate({ group: { id: '9' } }) },
      { ...renaming, sequence: 5 },
      { ...renaming, sequence: 6 },
      { ...renaming, state: 'queued' },
      { ...renaming, outcome: anApplied() },
    ];
    for (const unrelated of unrelatedOnes) {
      expect(withCause(later, missing, [unrelated])).toBe(missing);
    }
  });

  it('names no member of its set that is about something else, however late', () => {
    const about =
      (change: Partial<UpdateRequest>) =>
      (one: ChangeRecord): ChangeRecord => {
        const { idempotencyKey, changeSet } = one.change;
        const other = { idempotencyKey, changeSet, group: { name: 'Other' } };
        return { ...one, change: anUpdate({ ...other, ...change }) };
      };
    const app = { id: '7' };
    const other = about({})(failed(3));
    expect(withCause(member(4), missing, [other])).toBe(missing);
    expect(withCause(member(4), missing, [failed(1), other])).toMatchObject({
      details: { causedBy: { idempotencyKey: 'CHG1/1' } },
    });
    const caused = about({ group: { name: 'Third' }, applications: { add: [app] } })(member(4));
    for (const change of [
      { applications: { remove: [app] } },
      { moveTo: { name: 'Third' } },
      { set: { name: 'Third' } },
    ]) {
      const cause = about(change)(failed(2));
      expect(withCause(caused, missing, [cause, other])).toMatchObject({
        details: { causedBy: { idempotencyKey: 'CHG1/2' } },
      });
    }
    const elsewhere = { ...failed(2), change: { ...failed(2).change, microtenant: 'berlin' } };
    expect(withCause(member(4), missing, [elsewhere])).toBe(missing);
  });

  it('names a member of its set only if that comes before it there, even of the same group', () => {
    const later = failed(3, { over: { sequence: 1 } });
    const same = failed(2, { over: { sequence: 1 } });
    const record = member(2, { over: { sequence: 9 } });
    for (const one of [later, same]) expect(withCause(record, missing, [one])).toBe(missing);
  });

  it('names a change of another set if that is of the same group', () => {
    const named = withCause(member(2), missing, [failed(1, { set: 'CHG2' })]);
    expect(named).toMatchObject({ details: { causedBy: { idempotencyKey: 'CHG2/1' } } });
  });

  it('keeps the cause it has, and what else it says', () => {
    const known = reject('group-not-found', 'Gone.', { details: { causedBy: { idempotencyKey: 'CHG0/1' } } });
    expect(withCause(member(4), known, [failed(1)])).toBe(known);
    const detailed = reject('group-exists', 'There.', { details: { candidates: ['7'] } });
    expect(withCause(member(4), detailed, [failed(1)])).toMatchObject({
      details: { candidates: ['7'], causedBy: { idempotencyKey: 'CHG1/1' } },
    });
  });

  it('is left as it is where no earlier one can be to blame', () => {
    for (const rejection of [reject('not-permitted', 'No.'), reject('group-in-use', 'Rules.')]) {
      expect(withCause(member(4), rejection, [failed(1)])).toBe(rejection);
    }
  });
});

describe('redrive with dependents', () => {
  const because = (index: number, cause: number, set = 'CHG1') => {
    const causedBy = { idempotencyKey: `${set}/${cause}`, code: 'group-not-found', sentence: 's' };
    return failed(index, { set, outcome: aRejected({ code: 'not-attempted', details: { causedBy } }) });
  };
  const keys = (records: readonly ChangeRecord[]) => records.map(({ ref }) => ref.idempotencyKey);

  it('takes along what named them, in the order of the set', () => {
    const others = [because(5, 1), because(2, 1), because(3, 9), because(2, 1, 'CHG2'), failed(4)];
    expect(keys(withDependents([failed(1)], others))).toEqual(['CHG1/1', 'CHG1/2', 'CHG1/5']);
  });

  it('takes along what waited for one of those, and so on', () => {
    expect(keys(withDependents([failed(1)], [because(3, 2), because(4, 3), because(2, 1)]))).toEqual([
      'CHG1/1',
      'CHG1/2',
      'CHG1/3',
      'CHG1/4',
    ]);
  });

  it('takes nothing along that names no cause, or failed by itself, or is chosen already', () => {
    const by = (details?: Record<string, unknown>) =>
      failed(2, { outcome: aRejected({ code: 'not-attempted', ...(details && { details }) }) });
    const causes = [undefined, {}, { causedBy: null }, { causedBy: 'CHG1/1' }, { causedBy: { code: 'x' } }];
    for (const details of [...causes, { causedBy: { idempotencyKey: 1 } }]) {
      expect(keys(withDependents([failed(1)], [by(details)]))).toEqual(['CHG1/1']);
    }
    const causedBy = { idempotencyKey: 'CHG1/1', code: 'group-not-found', sentence: 's' };
    const itself = failed(2, { outcome: aRejected({ details: { causedBy } }) });
    expect(keys(withDependents([failed(1)], [itself, aChange(), failed(1)]))).toEqual(['CHG1/1']);
    expect(keys(withDependents([failed(1), because(2, 1)], [because(2, 1)]))).toEqual(['CHG1/1', 'CHG1/2']);
  });

  it('takes along nothing that is in no set', () => {
    const causedBy = { idempotencyKey: 'CHG9/1', code: 'group-not-found', sentence: 's' };
    const alone = (key: string, over: Partial<ChangeRecord>) => aChange({ ref: aRef(key), state: 'settled', ...over });
    const waiting = alone('CHG9/2', { outcome: aRejected({ code: 'not-attempted', details: { causedBy } }) });
    expect(keys(withDependents([alone('CHG9/1', { outcome: aRejected() })], [waiting]))).toEqual(['CHG9/1']);
  });

  it('keeps the order of what was chosen beside it', () => {
    const alone = aChange({ ref: aRef('CHG9/1'), state: 'settled', outcome: aRejected() });
    expect(keys(withDependents([alone, failed(3), failed(1)], [because(2, 1)]))).toEqual([
      'CHG9/1',
      'CHG1/1',
      'CHG1/2',
      'CHG1/3',
    ]);
  });

  it('any choice comes once each, sets by rising index, and all that waited for it', () => {
    const indexes = fc.uniqueArray(fc.integer({ min: 2, max: 9 }));
    fc.assert(
      fc.property(indexes, indexes, (waiting, unrelated) => {
        const failures = [...waiting.map((i) => because(i, 1)), ...unrelated.map((i) => because(i, 1, 'CHG2'))];
        const found = withDependents([failed(1)], failures);
        expect(keys(found)).toEqual(['CHG1/1', ...waiting.toSorted((a, b) => a - b).map((i) => `CHG1/${i}`)]);
      }),
    );
  });
});
