import { describe, expect, it } from 'vitest';
import { foldDesired, MAX_REMEMBERED_MEMBERS } from '../../../../shared/domain/ledger/desired.ts';
import type { Approved, Effect, Outcome } from '../../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../../../shared/domain/records/desired-group.ts';
import { aChange, anApplied, anApproved, aRef, aRejected } from '../../../fakes/records.ts';

const summary = (name: string) => ({ name, description: '', enabled: true, applicationCount: 0 });
const effectOf = (over: Partial<Effect> = {}): Effect => ({
  groupId: '1',
  before: summary('Before'),
  after: summary('After'),
  added: [],
  removed: [],
  ...over,
});
/** A settled change that approved this for group 1. */
function settled(sequence: number, approved: Partial<Approved> = {}, over: Partial<ChangeRecord> = {}): ChangeRecord {
  const outcome = anApplied({
    at: sequence,
    effect: effectOf(),
    approved: anApproved({ groupId: '1', fields: {}, ...approved }),
  });
  return aChange({ ref: aRef(`CHG${sequence}`), sequence, state: 'settled', outcome, ...over });
}
/** The desired state after folding these changes in this order. */
function folded(...records: ChangeRecord[]): DesiredGroup {
  const [first, ...rest] = records.map((record) => (known?: DesiredGroup) => foldDesired(known, record));
  const all = rest.reduce((known, fold) => fold(known), first?.());
  if (all === undefined) throw new Error('nothing was approved');
  return all;
}
const withOutcome = (outcome: Outcome, over: Partial<ChangeRecord> = {}) => settled(3, {}, { outcome, ...over });

describe('what a change approves', () => {
  it('is nothing where it was rejected or named no group', () => {
    expect(foldDesired(undefined, withOutcome(aRejected()))).toBeUndefined();
    expect(foldDesired(undefined, settled(3, { groupId: '' }))).toBeUndefined();
    expect(foldDesired(undefined, settled(3), '99')).toBeUndefined();
  });

  it('is the same where it found all of it so', () => {
    const { overtaken: _, writeId: __, ...same } = anApplied({ approved: anApproved({ groupId: '1' }) });
    expect(foldDesired(undefined, withOutcome({ ...same, kind: 'unchanged' }))).toMatchObject({
      groupId: '1',
      enabled: { value: true, sequence: 3, key: 'CHG3' },
    });
  });

  it('is each field it names, by which change', () => {
    const stamp = { sequence: 3, key: 'CHG3' };
    const named = folded(settled(3, { fields: { name: 'Web', description: 'all', enabled: false } }));
    expect(named).toMatchObject({
      name: { value: 'Web', ...stamp },
      description: { value: 'all', ...stamp },
      enabled: { value: false, ...stamp },
      seenName: { value: 'After', ...stamp },
      last: { key: 'CHG3', sequence: 3, at: 3 },
    });
    expect(folded(settled(3))).not.toHaveProperty('description');
    expect(folded(settled(3))).not.toHaveProperty('complete');
    expect(folded(settled(3))).not.toHaveProperty('deleted');
  });

  it('is of a later change where two name the same, whichever is folded first', () => {
    const [old, young] = [
      settled(3, { fields: { description: 'old' } }),
      settled(4, { fields: { description: 'new' } }),
    ];
    for (const records of [
      [old, young],
      [young, old],
    ]) {
      expect(folded(...records)).toMatchObject({ description: { value: 'new', sequence: 4 }, last: { key: 'CHG4' } });
    }
  });

  it('belongs to the tenant and microtenant of the latest change', () => {
    const old = settled(3, { microtenantId: '77' }, { ref: aRef('CHG3', { tenant: 'old' }) });
    for (const records of [
      [old, settled(4)],
      [settled(4), old],
    ]) {
      expect(folded(...records)).toMatchObject({ tenant: 'acme-test', microtenantId: '0' });
    }
  });

  it('said again at the same place is the latter', () => {
    const again = settled(3, {
      fields: { description: 'again' },
      members: { has: [], hasNot: ['11'] },
      microtenantId: '77',
    });
    const once = settled(3, { fields: { description: 'once' }, members: { has: ['11'], hasNot: [] } });
    expect(folded(once, again)).toMatchObject({
      description: { value: 'again' },
      members: { 11: [0, 3] },
      microtenantId: '77',
    });
  });
});

describe('the other end of a move', () => {
  const ends = { from: { id: '1', name: 'Web' }, to: { id: '2', name: 'Mail' }, applicationIds: ['11'] };
  const others = [{ ...anApproved({ groupId: '2', fields: {}, members: { has: ['11'], hasNot: [] } }) }];
  const approved = anApproved({ groupId: '1', fields: {}, others });
  const move = (effect: Partial<Effect> = { moves: [ends] }) =>
    withOutcome(anApplied({ approved, effect: effectOf(effect) }));

  it('is remembered by its own name, with what it took or gave', () => {
    expect(foldDesired(undefined, move(), '2')).toMatchObject({
      groupId: '2',
      seenName: { value: 'Mail' },
      members: { 11: [1, 3] },
    });
    expect(foldDesired(undefined, move(), '1')).toMatchObject({ groupId: '1', seenName: { value: 'After' } });
  });

  it('without a name is remembered without', () => {
    expect(foldDesired(undefined, move({}), '2')).not.toHaveProperty('seenName');
    expect(foldDesired(undefined, move({ moves: [{ ...ends, to: { id: '3', name: 'X' } }] }), '2')).not.toHaveProperty(
      'seenName',
    );
  });

  it('of a group that is gone is called as it was', () => {
    expect(folded(withOutcome(anApplied({ approved, effect: effectOf({ after: null }) })))).toMatchObject({
      seenName: { value: 'Before' },
    });
    const nameless = folded(withOutcome(anApplied({ approved, effect: effectOf({ before: null, after: null }) })));
    expect(nameless).not.toHaveProperty('seenName');
  });
});

describe('a whole membership', () => {
  const whole = (sequence: number) => settled(sequence, { members: { has: [], hasNot: [], exactly: ['12'] } });
  const adding = (sequence: number) => settled(sequence, { members: { has: ['11'], hasNot: [] } });
  const gone = (sequence: number) => settled(sequence, { deleted: true });

  it('voids what was said before it, not what is said after', () => {
    for (const records of [
      [adding(3), whole(4)],
      [whole(4), adding(3)],
    ]) {
      expect(folded(...records)).toMatchObject({ complete: 4, members: { 12: [1, 4] } });
    }
    expect(folded(whole(4), adding(5)).members).toEqual({ 12: [1, 4], 11: [1, 5] });
  });

  it('is forgotten once the group is deleted', () => {
    expect(folded(whole(4), gone(5))).not.toHaveProperty('complete');
    expect(folded(whole(4), gone(5))).toMatchObject({ deleted: { sequence: 5, key: 'CHG5' }, members: {} });
    expect(folded(gone(4), whole(5))).toMatchObject({ complete: 5, deleted: { sequence: 4 } });
  });
});

describe('more members than are remembered', () => {
  it('are cut by age, then by id, in any order', () => {
    const ids = Array.from({ length: MAX_REMEMBERED_MEMBERS }, (_, index) => `${100_000 + index}`);
    const many = settled(3, { members: { has: ids, hasNot: [] } });
    const exactly = folded(many);
    expect(Object.keys(exactly.members)).toHaveLength(MAX_REMEMBERED_MEMBERS);
    const one = settled(4, { members: { has: ['999'], hasNot: [] } });
    for (const records of [
      [many, one],
      [one, many],
    ]) {
      const kept = Object.keys(folded(...records).members);
      expect(kept).toHaveLength(MAX_REMEMBERED_MEMBERS);
      expect(kept).toContain('999');
      expect(kept).toContain('100000');
      expect(kept).not.toContain(ids.at(-1));
    }
  });
});
