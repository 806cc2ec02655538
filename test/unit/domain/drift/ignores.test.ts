import { describe, expect, it } from 'vitest';
import {
  addIgnore,
  endIgnores,
  type IgnoreList,
  type IgnoreRequest,
  ignoreOf,
  ignoreState,
  ignoresEndedBy,
  LONGEST_IGNORE_MS,
  MAX_IGNORES,
  noIgnores,
  PAST_IGNORES_KEPT_MS,
} from '../../../../shared/domain/drift/ignores.ts';
import { liveValueOf } from '../../../../shared/domain/drift/live-value.ts';
import { itemBytes, MAX_ITEM_BYTES } from '../../../../shared/domain/ledger/size-limits.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { aFinding, aNotChecked } from '../sample-drift.ts';

const LANE = 'BETA:1';
const DAY = 24 * 60 * 60 * 1000;
const NOW = TEST_START;

const aRequest = (over: Partial<IgnoreRequest> = {}): IgnoreRequest => ({
  finding: aFinding(),
  reason: 'Agreed with the owner',
  until: NOW + DAY,
  by: 'anna',
  at: NOW,
  ...over,
});

function added(list: IgnoreList, over: Partial<IgnoreRequest> = {}): IgnoreList {
  const result = addIgnore(list, aRequest(over));
  if (!result.ok) throw new Error(result.sentence);
  return result.list;
}

const refused = (over: Partial<IgnoreRequest>) => {
  const result = addIgnore(noIgnores(LANE), aRequest(over));
  return result.ok ? 'taken' : result.code;
};

describe('an ignore is taken', () => {
  it('with a reason, its end and the live value that it is for', () => {
    const result = addIgnore(noIgnores(LANE), aRequest());
    expect(result).toMatchObject({
      ok: true,
      added: { id: aFinding().id, lane: LANE, live: 'written by hand', by: 'anna' },
    });
    expect(result).toMatchObject({
      list: { version: 0, lane: LANE, entries: [{ reason: 'Agreed with the owner', at: NOW }] },
    });
  });

  it.each([
    ['', 'reason-missing'],
    [' \n ', 'reason-missing'],
    ['x'.repeat(501), 'reason-too-long'],
  ])('not with the reason %j', (reason, code) => {
    expect(refused({ reason })).toBe(code);
  });

  it.each([
    [NOW, 'until-past'],
    [NOW - 1, 'until-past'],
    [Number.NaN, 'until-past'],
    [NOW + LONGEST_IGNORE_MS + 1, 'until-too-far'],
    [Number.POSITIVE_INFINITY, 'until-too-far'],
  ])('not until %d', (until, code) => {
    expect(refused({ until })).toBe(code);
  });

  it('for at most 90 days', () => {
    expect(LONGEST_IGNORE_MS).toBe(90 * DAY);
    expect(refused({ until: NOW + LONGEST_IGNORE_MS })).toBe('taken');
  });

  it.each([
    ['a group that is missing', aFinding({ kind: 'missing', facet: 'exists', after: 'absent' })],
    ['an application segment that is gone', aFinding({ kind: 'removed', facet: 'app:1', after: 'absent', to: 'gone' })],
  ])('of %s only if it says that it hides a deletion', (_, finding) => {
    expect(refused({ finding })).toBe('hides-deletion');
    expect(refused({ finding, includesDeletion: true })).toBe('taken');
  });

  it('instead of the one that its finding has, which is marked', () => {
    const list = added(added(noIgnores(LANE)), { reason: 'Longer', until: NOW + 2 * DAY, at: NOW + 1 });
    expect(list.entries.map(({ reason, ended }) => [reason, ended])).toEqual([
      ['Agreed with the owner', { at: NOW + 1, why: 'replaced', by: 'anna' }],
      ['Longer', undefined],
    ]);
  });

  it('up to a number, and past ones leave first', () => {
    let list = noIgnores(LANE);
    const finding = (index: number) => aFinding({ id: `D-${String(index).padStart(8, '0')}` });
    for (let index = 0; index < MAX_IGNORES; index += 1) list = added(list, { finding: finding(index) });
    expect(addIgnore(list, aRequest({ finding: finding(MAX_IGNORES) }))).toMatchObject({
      ok: false,
      code: 'ignores-full',
    });
    expect(
      added(list, { finding: finding(MAX_IGNORES), at: NOW + DAY, until: NOW + 2 * DAY }).entries.at(-1),
    ).toMatchObject({ id: finding(MAX_IGNORES).id });
  });

  it('and the longest ones fit one item of the ledger', () => {
    let list = noIgnores(LANE);
    const [reason, by] = ['\u{1F600}'.repeat(250), 'ü'.repeat(300)];
    for (let index = 0; index < 3 * MAX_IGNORES; index += 1) {
      const finding = aFinding({ id: `D-${index}`, after: '\u{1F600}'.repeat(2000) });
      const result = addIgnore(
        list,
        aRequest({ finding, reason, by, at: NOW + index * DAY, until: NOW + (index + 90) * DAY }),
      );
      if (!result.ok) expect(result.code).toBe('ignores-full');
      else list = result.list;
    }
    expect(itemBytes(list)).toBeLessThan(MAX_ITEM_BYTES);
    expect(list.entries.length).toBeGreaterThan(100);
  });
});

describe('an ignore holds', () => {
  const list = added(noIgnores(LANE));

  it('for the value it was given for, and any other ends it', () => {
    expect(ignoreOf(aFinding(), list.entries, NOW)).toMatchObject({ reason: 'Agreed with the owner' });
    expect(ignoreOf(aFinding({ after: 'edited again' }), list.entries, NOW)).toBeUndefined();
    expect(ignoreOf(aFinding({ id: 'D-ffffffff' }), list.entries, NOW)).toBeUndefined();
  });

  it('whatever form ZPA answers the same text in', () => {
    const rd = added(noIgnores(LANE), { finding: aFinding({ after: 'R&D für alle' }) });
    expect(ignoreOf(aFinding({ after: 'R&amp;D fu\u0308r alle ' }), rd.entries, NOW)).toBeDefined();
  });

  it('until its end by the clock', () => {
    expect(ignoreOf(aFinding(), list.entries, NOW + DAY - 1)).toBeDefined();
    expect(ignoreOf(aFinding(), list.entries, NOW + DAY)).toBeUndefined();
    expect(list.entries.map((one) => ignoreState(one, NOW + DAY))).toEqual(['expired']);
  });

  it('not for a group that was renamed since and is deleted now', () => {
    const exists = aFinding({ kind: 'resurrected', facet: 'exists', after: 'in ZPA' });
    const kept = added(noIgnores(LANE), { finding: exists });
    expect(ignoreOf({ ...exists, kind: 'missing', after: 'absent' }, kept.entries, NOW)).toBeUndefined();
  });

  it('not for an application segment that is gone, if it was given for one that left', () => {
    const left = aFinding({ kind: 'removed', facet: 'app:1', after: 'absent', to: 'no-group' });
    const kept = added(noIgnores(LANE), { finding: left, includesDeletion: true });
    expect(ignoreOf(left, kept.entries, NOW)).toBeDefined();
    expect(ignoreOf({ ...left, to: 'gone' }, kept.entries, NOW)).toBeUndefined();
    expect(ignoreOf({ ...left, to: { id: '7', name: 'Elsewhere' } }, kept.entries, NOW)).toBeUndefined();
  });

  it('while a report does not say where an application segment went', () => {
    const left = aFinding({ kind: 'removed', facet: 'app:1', after: 'not in the group', to: 'no-group' });
    const { to: _, ...unplaced } = left;
    const placed = added(noIgnores(LANE), { finding: left }).entries;
    expect(ignoreOf(unplaced, placed, NOW)).toBeDefined();
    expect(ignoreOf({ ...left, to: { id: '99', name: 'Contractors' } }, placed, NOW)).toBeUndefined();
  });

  it('of no place that nobody has read: it would hold wherever the application segment is', () => {
    const finding = aFinding({ kind: 'removed', facet: 'app:1', after: 'not in the group' });
    expect(refused({ finding })).toBe('place-unknown');
    expect(refused({ finding: { ...finding, to: 'no-group' } })).toBe('taken');
    const [kept] = added(noIgnores(LANE), { finding: { ...finding, to: 'no-group' } }).entries;
    const earlier = kept && [{ ...kept, live: 'not in the group' }];
    expect(ignoreOf({ ...finding, to: { id: '99', name: 'Contractors' } }, earlier ?? [], NOW)).toBeUndefined();
  });

  it('and never hides a deletion by a record that does not say so', () => {
    const missing = aFinding({ kind: 'missing', facet: 'exists', after: 'absent' });
    const kept = added(noIgnores(LANE), { finding: missing, includesDeletion: true });
    expect(ignoreOf(missing, kept.entries, NOW)).toBeDefined();
    const forged = kept.entries.map(({ includesDeletion: _, ...one }) => one);
    expect(ignoreOf(missing, forged, NOW)).toBeUndefined();
  });
});

/** A report that read everything after the ignores of these tests were given, and found nothing. */
const READ = { startedAt: new Date(NOW + 1).toISOString(), findings: [], notChecked: [] };

describe('an ignore ends', () => {
  const list = added(noIgnores(LANE));
  const group = aFinding().group.id;

  it.each([
    ['its finding has another value', [aFinding({ after: 'edited again' })], 'value-changed'],
    ['its finding is gone from a group that was checked', [], 'closed'],
  ])('when %s, and stays ended when the value is back', (_, findings, why) => {
    const ended = ignoresEndedBy({ ...READ, findings }, list.entries, NOW);
    expect(ended).toEqual([{ id: aFinding().id, why, given: NOW }]);
    const after = endIgnores(list, ended, NOW + 1);
    expect(after.entries).toMatchObject([{ ended: { at: NOW + 1, why } }]);
    expect(ignoreOf(aFinding(), after.entries, NOW)).toBeUndefined();
  });

  it('not while its value is seen, its group is not checked, or it is over anyway', () => {
    const seen = { ...READ, findings: [aFinding()] };
    const unread = aNotChecked({ groupId: group });
    expect(ignoresEndedBy(seen, list.entries, NOW)).toEqual([]);
    expect(ignoresEndedBy({ ...READ, notChecked: [unread] }, list.entries, NOW)).toEqual([]);
    expect(ignoresEndedBy(READ, list.entries, NOW + DAY)).toEqual([]);
  });

  it('not by a report that read ZPA before it was given, nor for one that it has replaced', () => {
    const since = added(noIgnores(LANE), { at: NOW + 60_000 });
    expect(ignoresEndedBy(READ, since.entries, NOW + 120_000)).toEqual([]);
    expect(ignoresEndedBy({ ...READ, findings: [aFinding({ after: 'older' })] }, since.entries, NOW + 120_000)).toEqual(
      [],
    );
    const ended = ignoresEndedBy(READ, list.entries, NOW + 120_000);
    const replaced = added(list, { at: NOW + 60_000, reason: 'Again' });
    expect(ended).toHaveLength(1);
    expect(endIgnores(replaced, ended, NOW + 120_000)).toBe(replaced);
  });

  it('by a person, who is named', () => {
    const after = endIgnores(list, [{ id: aFinding().id, why: 'withdrawn', by: 'otto' }], NOW + 1);
    expect(after.entries).toMatchObject([{ ended: { at: NOW + 1, why: 'withdrawn', by: 'otto' } }]);
    expect(endIgnores(list, [{ id: 'D-ffffffff', why: 'withdrawn' }], NOW)).toBe(list);
  });

  it('and is kept for the audit for a year', () => {
    const over = NOW + DAY + PAST_IGNORES_KEPT_MS;
    const another = { finding: aFinding({ id: 'D-ffffffff' }), until: over + DAY };
    expect(added(list, { ...another, at: over - 1 }).entries).toHaveLength(2);
    expect(added(list, { ...another, at: over }).entries).toMatchObject([{ id: 'D-ffffffff' }]);
  });
});

describe('the live value', () => {
  it('is short, and another for another long text', () => {
    const [one, two] = ['a', 'b'].map((end) => liveValueOf(aFinding({ after: `${'x'.repeat(4000)}${end}` })));
    expect(one?.length).toBeLessThan(250);
    expect(one).not.toBe(two);
  });
});
