import { describe, expect, it } from 'vitest';
import {
  isIndependentOf,
  isReadBackBatchFull,
  isSimpleWrite,
  mayDeferReadBack,
  overlapsAwaiting,
  splitAwaitingReadBack,
} from '../../../../functions/apply/rules/awaiting-read-back.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Intent, PlannedWrite } from '../../../../shared/domain/records/intent.ts';
import { aChange, aRef } from '../../../fakes/records.ts';
import { parsed, rawCreate, rawDelete, rawUpdate } from '../../domain/sample-changes.ts';
import { aGroup } from '../../domain/sample-live.ts';
import { deletion, update } from '../../domain/sample-writes.ts';

const at = (sequence: number, raw: unknown = rawUpdate(), over: Partial<ChangeRecord> = {}) =>
  aChange({ ref: aRef(`K-${sequence}`), sequence, change: parsed(raw), ...over });
const intentOf = (writes: PlannedWrite[], over: Partial<Intent> = {}): Intent => ({
  writeId: 'w',
  tenant: 'acme',
  members: [],
  writes,
  cursor: writes.length,
  sendBefore: 0,
  ...over,
});
const group = aGroup('1', { name: 'Old', applicationIds: ['11'] });
const content = { name: 'Made', description: '', enabled: true, configSpace: 'DEFAULT', microtenantId: '0' };
const creation = (...applicationIds: string[]): PlannedWrite => ({
  before: null,
  write: { kind: 'create', ...content, applicationIds },
});
const renaming = update(group, { addedApps: ['12'], deletedApps: ['13'] }, { name: 'New' });

describe('changes that wait for a look', () => {
  it('are those of intents that lie aside, by generation', () => {
    const open = [at(1), at(2), at(3, rawUpdate(), { generation: 2 })];
    const members = open.slice(1).map(({ ref, sequence }) => ({
      ref,
      sequence,
      generation: 1,
      ending: reject('group-in-use', 'no'),
    }));
    const { waiting, rest } = splitAwaitingReadBack(open, { answered: [intentOf([renaming], { members })] });
    expect([waiting, rest].map((list) => list.map((one) => one.sequence))).toEqual([[2], [1, 3]]);
    expect(splitAwaitingReadBack(open, {}).rest).toEqual(open);
  });
});

describe('a change that hangs on no other', () => {
  const set = (index: number, onReject: string) => ({ changeSet: { id: 'S', index, size: 3, onReject } });
  const moving = { applications: { add: [{ id: '11' }] }, takeFromOtherGroups: true };

  it.each<[string, unknown, number | undefined, boolean]>([
    ['an update', rawUpdate(), undefined, true],
    ['a create', rawCreate(), undefined, true],
    ['a delete', rawDelete(), undefined, false],
    ['a move', rawUpdate(moving), undefined, false],
    ['a member of a set that stops', rawUpdate({ set: { enabled: true }, ...set(2, 'stop') }), undefined, false],
    ['a member of a set that goes on', rawUpdate({ set: { enabled: true }, ...set(2, 'continue') }), undefined, true],
    ['one that is taken by itself', rawUpdate(), 4, false],
    ['one behind those taken by themselves', rawUpdate(), 3, true],
  ])('is plain: %s: %o', (_, raw, oneByOneUntil, expected) => {
    expect(isSimpleWrite(at(4, raw), oneByOneUntil === undefined ? {} : { oneByOneUntil })).toBe(expected);
  });
});

describe('a step beside what lies aside', () => {
  const apart = (raw: unknown, ...writes: PlannedWrite[]) =>
    isIndependentOf(
      [at(1, rawUpdate({ group: { id: '99' }, set: { enabled: true } })), at(2, raw)],
      [intentOf(writes)],
    );

  it.each<[string, unknown, boolean]>([
    ['another group', rawUpdate({ group: { id: '2' }, set: { enabled: true } }), true],
    ['its group', rawUpdate({ group: { id: '1' }, set: { enabled: true } }), false],
    ['its old name', rawUpdate({ group: { name: 'Old' }, set: { enabled: true } }), false],
    ['its new name', rawUpdate({ group: { name: 'New' }, set: { enabled: true } }), false],
    ['a rename to its old name', rawUpdate({ group: { id: '2' }, set: { name: 'Old' } }), false],
    ['a create of its new name', rawCreate({ group: { name: 'New' } }), false],
    ['an application that joined', rawUpdate({ group: { id: '2' }, applications: { add: [{ id: '12' }] } }), false],
    ['an application that left', rawUpdate({ group: { id: '2' }, applications: { add: [{ id: '13' }] } }), false],
    ['an application that stayed', rawUpdate({ group: { id: '2' }, applications: { add: [{ id: '11' }] } }), true],
  ])('names nothing of it, as far as references tell: %s: %o, %s', (_, raw, expected) => {
    expect(apart(raw, renaming)).toBe(expected);
  });

  it('knows a name in each form in which ZPA may hold it', () => {
    const inForm = (name: string) => update(aGroup('5', { name }), {}, { name: 'New' });
    const enabling = rawUpdate({ group: { name: 'Büro' }, set: { enabled: true } });
    expect(apart(enabling, inForm('Bu\u0308ro'))).toBe(false);
    expect(apart(rawUpdate({ group: { id: '2' }, set: { name: 'Büro' } }), inForm('B&uuml;ro'))).toBe(false);
    expect(overlapsAwaiting([inForm('Büro')], [intentOf([update(aGroup('6', { name: 'Bu\u0308ro' }))])])).toBe(true);
  });

  it('knows what is created and deleted', () => {
    const adds = (id: string) => rawUpdate({ group: { id: '2' }, applications: { add: [{ id }] } });
    expect([apart(adds('21'), creation('21')), apart(adds('22'), creation('21'))]).toEqual([false, true]);
    expect(apart(rawCreate({ group: { name: 'Made' } }), creation())).toBe(false);
    expect([apart(adds('11'), deletion(group)), apart(adds('12'), deletion(group))]).toEqual([false, true]);
  });

  it('is held against all that lies aside, write by write', () => {
    const aside = [intentOf([update(aGroup('5'))]), intentOf([update(aGroup('6')), renaming])];
    expect(overlapsAwaiting([update(aGroup('7'), { addedApps: ['71'] })], aside)).toBe(false);
    expect(overlapsAwaiting([update(aGroup('7'), { addedApps: ['13'] })], aside)).toBe(true);
    expect(overlapsAwaiting([update(aGroup('7')), update(aGroup('6'))], aside)).toBe(true);
    expect(overlapsAwaiting([update(aGroup('7'), {}, { name: 'Old' })], aside)).toBe(true);
    expect(overlapsAwaiting([creation('12')], aside)).toBe(true);
    expect(overlapsAwaiting([creation('14')], aside)).toBe(false);
    expect(overlapsAwaiting([creation('14')], [])).toBe(false);
  });
});

describe('how much may lie aside', () => {
  const ids = (count: number, from = 1000) => Array.from({ length: count }, (_, index) => `${from + index}`);

  it('is ten writes', () => {
    const aside = (count: number) => Array.from({ length: count }, () => intentOf([renaming]));
    expect([isReadBackBatchFull(aside(9)), isReadBackBatchFull(aside(10))]).toEqual([false, true]);
  });

  it('is two thousand applications, of groups and of writes', () => {
    const large = aGroup('1', { applicationIds: ids(1500) });
    expect(isReadBackBatchFull([intentOf([update(large, { addedApps: ids(500, 5000) })])])).toBe(false);
    expect(isReadBackBatchFull([intentOf([update(large, { addedApps: ids(501, 5000) })])])).toBe(true);
    expect(isReadBackBatchFull([intentOf([update(large)]), intentOf([update(large)])])).toBe(true);
  });

  it('is at most a thousand of one write', () => {
    const of = (count: number) => intentOf([update(aGroup('1', { applicationIds: ids(count) }))]);
    expect([mayDeferReadBack(of(1000)), mayDeferReadBack(of(1001))]).toEqual([true, false]);
  });

  it('is one write of an intent that goes on, and no delete', () => {
    expect(mayDeferReadBack(intentOf([renaming]))).toBe(true);
    expect(mayDeferReadBack(intentOf([renaming, update(aGroup('2'))]))).toBe(false);
    expect(mayDeferReadBack(intentOf([]))).toBe(false);
    expect(mayDeferReadBack(intentOf([renaming], { takingBack: reject('group-in-use', 'no') }))).toBe(false);
    expect(mayDeferReadBack(intentOf([deletion(aGroup('2'))]))).toBe(false);
    expect(mayDeferReadBack(intentOf([creation('11')]))).toBe(true);
  });
});
