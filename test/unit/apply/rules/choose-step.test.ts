import { describe, expect, it } from 'vitest';
import {
  chooseStep,
  isMove,
  lateComers,
  mustBeAlone,
  placesNamed,
  placesPassed,
  shares,
} from '../../../../functions/apply/rules/choose-step.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { aChange, aRef } from '../../../fakes/records.ts';
import { parsed, rawCreate, rawDelete, rawUpdate } from '../../domain/sample-changes.ts';

type Raw = Record<string, unknown>;

const at = (sequence: number, raw: unknown): ChangeRecord =>
  aChange({ ref: aRef(`K-${sequence}`), sequence, change: parsed(raw) });

const adds = (id: string, over: Raw = {}) =>
  rawUpdate({ group: { id: '1' }, applications: { add: [{ id }] }, ...over });
const replaces = rawUpdate({ group: { id: '2' }, applications: { replace: [{ id: '12' }] } });
const removes = (id: string, over: Raw = {}) =>
  rawUpdate({ group: { id: '1' }, applications: { remove: [{ id }] }, ...over });

/** The sequences of the first step of these changes, which are in lane order. */
const chosen = (...raws: unknown[]) => {
  const open = raws.map((raw, index) => at(index + 1, raw));
  const step = chooseStep(open, {});
  return { taken: step.map((r) => r.sequence), skipped: placesPassed(step, open, { skipped: [] }) };
};

describe('a step', () => {
  it('needs an open change', () => {
    expect(() => chooseStep([], {})).toThrow('open change');
  });

  it('takes the lowest change, and with it every later one that only adds to or removes from the same group', () => {
    expect(chosen(adds('11'), adds('12'), removes('13'))).toEqual({ taken: [1, 2, 3], skipped: [] });
  });

  it('does not take an application out that it also adds, under a name that reads the same', () => {
    const named = (list: 'add' | 'remove', name: string) =>
      rawUpdate({ group: { id: '1' }, applications: { [list]: [{ name }] }, leaveUngrouped: true });
    expect(chosen(named('add', 'R&D'), named('remove', 'R&amp;D'))).toEqual({ taken: [1], skipped: [] });
    expect(chosen(named('add', 'R&D'), named('remove', 'R&E')).taken).toEqual([1, 2]);
  });

  it('reaches over what has nothing to do with it, and says what it leaves behind; not what lies after it', () => {
    const elsewhere = rawUpdate({ group: { id: '2' }, set: { enabled: true } });
    expect(chosen(adds('11'), elsewhere, adds('12'), elsewhere)).toEqual({ taken: [1, 3], skipped: [2] });
  });

  it.each<[string, Raw]>([
    ['a create', rawCreate({ applications: [{ id: '11' }] })],
    ['a delete', rawDelete({ group: { id: '1' } })],
    ['one that sets fields too', adds('11', { set: { enabled: true } })],
    ['one that sets fields alone', rawUpdate({ group: { id: '1' }, set: { enabled: true } })],
    ['one that expects something', adds('11', { expect: { enabled: true } })],
    ['one that takes from other groups', adds('11', { takeFromOtherGroups: true })],
    ['one that sends on what leaves', removes('11', { moveTo: { id: '2' } })],
    ['one that states the whole membership', rawUpdate({ group: { id: '1' }, applications: { replace: [] } })],
  ])('is no more than one change if that is %s; nor does it join another one', (_, raw) => {
    expect(chosen(raw, adds('12')).taken).toEqual([1]);
    expect(chosen(adds('12'), raw).taken).toEqual([1]);
  });

  it.each<[string, Raw]>([
    ['of another group', adds('12', { group: { id: '2' } })],
    ['of a group by name, which may be another one', adds('12', { group: { name: 'Remote Access' } })],
    ['of another tenant', adds('12', { tenant: 'acme-test' })],
    ['of another microtenant', adds('12', { microtenant: 'berlin' })],
    ['that takes out what an earlier one puts in', removes('11')],
    [
      'that may take out what an earlier one puts in',
      rawUpdate({ group: { id: '1' }, applications: { remove: [{ name: 'app' }] } }),
    ],
  ])('is not joined by one %s', (_, raw) => {
    expect(chosen(adds('11'), raw).taken).toEqual([1]);
    expect(chosen(adds('11'), adds('13'), raw).taken).toEqual([1, 2]);
  });

  it('is not joined by one that puts in what an earlier one takes out', () => {
    expect(chosen(removes('11'), adds('11')).taken).toEqual([1]);
    expect(chosen(removes('11'), removes('12'), adds('12')).taken).toEqual([1, 2]);
    expect(chosen(adds('11'), removes('12'), removes('11')).taken).toEqual([1, 2]);
  });

  it('is not joined over a change that shares an application with it', () => {
    const elsewhere = adds('12', { group: { id: '2' } });
    expect(chosen(adds('11'), elsewhere, adds('12')).taken).toEqual([1]);
  });

  it('is not joined over a write that nobody has read back yet', () => {
    const answered = [at(1, adds('12', { group: { id: '2' } }))];
    const step = chooseStep([at(2, adds('11')), at(3, adds('12'))], {}, answered);
    expect(step.map((r) => r.sequence)).toEqual([2]);
  });

  it('holds at most fifty changes', () => {
    const many = Array.from({ length: 51 }, (_, index) => adds(`${index + 1}`));
    expect(chosen(...many).taken).toHaveLength(50);
  });

  it('holds at most a thousand applications', () => {
    const adding = (from: number, count: number) =>
      rawUpdate({
        group: { id: '1' },
        applications: { add: Array.from({ length: count }, (_, n) => ({ id: `${from + n}` })) },
      });
    expect(chosen(adding(1, 900), adding(1001, 100)).taken).toEqual([1, 2]);
    expect(chosen(adding(1, 900), adding(1001, 101), adding(2001, 1)).taken).toEqual([1]);
  });
});

describe('changes taken one by one', () => {
  it('are those up to the place where a write of several failed', () => {
    const alone = (sequence: number, lane = {}) => mustBeAlone(at(sequence, adds('11')), lane);
    expect([3, 4, 5].map((sequence) => alone(sequence, { oneByOneUntil: 4 }))).toEqual([true, true, false]);
    expect(alone(3)).toBe(false);
  });

  it('take nobody along', () => {
    const step = chooseStep([at(1, adds('11')), at(2, adds('12'))], { oneByOneUntil: 1 });
    expect(step).toHaveLength(1);
  });
});

describe('two changes', () => {
  const enable = rawUpdate({ group: { id: '1' }, set: { enabled: true } });

  it.each<[string, Raw, Raw, boolean]>([
    ['of one group', enable, adds('11'), true],
    ['of two groups by id', enable, adds('11', { group: { id: '2' } }), false],
    ['of two groups by name', rawUpdate(), rawCreate(), false],
    ['of a group by id and one by name', enable, rawUpdate(), true],
    [
      'of a group and the name another one gets',
      rawUpdate({ group: { name: 'Partner Access' }, set: { enabled: true } }),
      rawUpdate({ group: { name: 'Z' }, set: { name: 'Partner Access' } }),
      true,
    ],
    ['of one application', adds('11'), adds('11', { group: { id: '2' } }), true],
    ['of two applications', adds('11'), adds('12', { group: { id: '2' } }), false],
    [
      'of an application by id and one by name',
      adds('11'),
      rawUpdate({ group: { id: '2' }, applications: { add: [{ name: 'ssh' }] } }),
      true,
    ],
    ['of which one states a whole membership', replaces, adds('11'), true],
    ['of which one states a whole membership and the other touches none', replaces, enable, false],
    ['of which one takes from any group', adds('12', { group: { id: '2' }, takeFromOtherGroups: true }), enable, true],
    [
      'of which one sends what leaves to any group',
      removes('12', { group: { id: '2' }, moveTo: { id: '3' } }),
      enable,
      true,
    ],
    [
      'of which one empties its group into any other',
      rawDelete({ group: { id: '2' }, moveApplicationsTo: { id: '3' } }),
      enable,
      true,
    ],
    ['of which one deletes another group', rawDelete({ group: { id: '2' } }), enable, false],
  ])('%s share something, or might: %o, %o, %s', (_, one, other, expected) => {
    expect(shares(at(1, one), at(2, other))).toBe(expected);
    expect(shares(at(2, other), at(1, one))).toBe(expected);
  });

  it('share something as soon as one of several applications is the same', () => {
    const two = rawUpdate({ group: { id: '2' }, applications: { add: [{ id: '12' }, { id: '11' }] } });
    expect(shares(at(1, adds('11')), at(2, two))).toBe(true);
    expect(shares(at(2, two), at(1, adds('11')))).toBe(true);
  });
});

describe('a move', () => {
  it.each<[string, Raw, boolean]>([
    ['takes from other groups', adds('11', { takeFromOtherGroups: true }), true],
    ['sends on what leaves', removes('11', { moveTo: { id: '2' } }), true],
    ['empties a group before it is deleted', rawDelete({ moveApplicationsTo: { id: '2' } }), true],
    ['is no plain update', adds('11'), false],
    ['is no plain delete', rawDelete(), false],
    ['is no create', rawCreate(), false],
  ])('%s: %o is one: %s', (_, raw, expected) => {
    expect(isMove(parsed(raw))).toBe(expected);
  });
});

describe('a late-comer', () => {
  const lane = { ...newLane('L'), through: 5 };
  const named = (...sequences: number[]) => ({
    strikes: 0,
    since: 0,
    members: sequences.map((sequence) => ({ ref: aRef(`K-${sequence}`), generation: 1, sequence })),
  });
  const open = [3, 4, 5, 6].map((sequence) => at(sequence, adds('11')));
  const late = (over: Partial<typeof lane>) => lateComers(open, { ...lane, ...over }).map((r) => r.sequence);

  it('is open below the highest place that was settled', () => {
    expect(late({})).toEqual([3, 4]);
    expect(late({ through: 0 })).toEqual([]);
  });

  it('is not what was left standing', () => {
    expect(late({ skipped: [3] })).toEqual([4]);
  });

  it('is nothing that is written and awaits its read-back', () => {
    const { members } = named(3);
    const awaiting = { writeId: 'w', tenant: 'acme', writes: [], cursor: 0, sendBefore: 0 };
    const ending = reject('guarded', 'it is refused');
    const answered = [{ ...awaiting, members: members.map((member) => ({ ...member, ending })) }];
    expect(late({ answered })).toEqual([4]);
  });

  it('is none of those that an earlier step left standing, as long as they are open', () => {
    expect(placesPassed(open.slice(1, 2), open, { skipped: [2, 6] })).toEqual([3, 6]);
  });

  it('shows by what a crashed worker settled before it could say so', () => {
    expect(late(placesNamed(open, { ...lane, through: 0, working: named(4, 7) }))).toEqual([3, 5, 6]);
    expect(placesNamed(open, { ...lane, working: named(2, 6) }).through).toBe(5);
  });

  it.each([
    ['nothing was named', undefined, { through: 5, skipped: [2] }],
    ['all that was named is open', named(4, 6), { through: 5, skipped: [2, 4] }],
    [
      'one of those that were named is settled, and what stood before it was in hand',
      named(4, 6, 7),
      { through: 7, skipped: [2, 4, 6] },
    ],
  ])('is none of those that a crashed worker had in hand: %s', (_, working, places) => {
    expect(placesNamed(open, { ...lane, skipped: [2], ...(working && { working }) })).toEqual(places);
  });
});
