import { describe, expect, it } from 'vitest';
import { isDrift } from '../../../../shared/domain/drift/drift.ts';
import { absentFromListings, type GroupListing } from '../../../../shared/domain/drift/group-listings.ts';
import { applicationsNamed, groupsNamed } from '../../../../shared/domain/group/live-view.ts';
import { changesInFlight, newestClaims } from '../../../../shared/domain/ledger/membership-history.ts';
import type { DesiredGroup } from '../../../../shared/domain/records/desired-group.ts';
import { aChange, aDesired, anUpdate, aRef } from '../../../fakes/records.ts';
import { liveGroup, reportOf } from '../ledger-items.ts';
import { parsed, rawCreate, rawDelete, rawUpdate } from '../sample-changes.ts';

const stamp = { sequence: 1, key: 'CHG1' };
const desired = (groupId: string, over: Partial<DesiredGroup> = {}): DesiredGroup => {
  const { enabled: _, ...rest } = aDesired({
    groupId,
    members: {},
    name: { value: `Group ${groupId}`, ...stamp },
    ...over,
  });
  return { ...rest, ...over };
};
const gone = (groupId: string, sequence = 1, over: Partial<DesiredGroup> = {}) =>
  desired(groupId, { deleted: { sequence, key: 'D' }, last: { ...aDesired().last, sequence }, ...over });
const told = (...args: Parameters<typeof reportOf>) =>
  reportOf(...args).findings.map((one) => `${one.kind} ${one.groupId}`);

describe('the order of findings', () => {
  it('is by kind, then by group', () => {
    const renamed = (id: string) => liveGroup(id, { name: 'Other' });
    const all = [desired('3'), desired('2'), desired('1'), gone('5'), gone('4'), desired('7'), desired('6')];
    const live = [
      liveGroup('9'),
      liveGroup('8'),
      renamed('3'),
      renamed('1'),
      renamed('2'),
      liveGroup('4'),
      liveGroup('5'),
    ];
    const expected = [
      'missing 6',
      'missing 7',
      'changed 1',
      'changed 2',
      'changed 3',
      'resurrected 4',
      'resurrected 5',
      'unmanaged 8',
      'unmanaged 9',
    ];
    expect(told(all, live)).toEqual(expected);
    expect(told(all.toReversed(), live.toReversed())).toEqual(expected);
    expect(reportOf(all, live).coverage).toMatchObject({
      live: 7,
      managed: 5,
      unmanaged: 2,
      drifted: 5,
      resurrected: 2,
    });
  });
});

describe('a group that a ticket deleted', () => {
  it('lives again under its id, or under a new one with its name, and is told once', () => {
    expect(told([gone('5')], [liveGroup('5')])).toEqual(['resurrected 5']);
    expect(reportOf([gone('5')], [liveGroup('6', { name: 'Group 5' })]).findings).toMatchObject([
      { kind: 'resurrected', groupId: '6', deletedId: '5', name: 'Group 5' },
    ]);
    expect(told([gone('5')], [liveGroup('6')])).toEqual(['unmanaged 6']);
  });

  it('under one name several times is the one deleted last', () => {
    const name = { value: 'Twice', ...stamp };
    const found = (...all: DesiredGroup[]) => reportOf(all, [liveGroup('6', { name: 'Twice' })]).findings;
    expect(found(gone('5', 1, { name }), gone('4', 2, { name }))).toMatchObject([{ deletedId: '4' }]);
    expect(found(gone('5', 2, { name }), gone('4', 1, { name }))).toMatchObject([{ deletedId: '5' }]);
  });

  it('is not meant by a group of its name in another microtenant', () => {
    expect(told([gone('5')], [liveGroup('6', { name: 'Group 5', microtenantId: '77' })])).toEqual(['unmanaged 6']);
  });

  it('is approved again by a later ticket', () => {
    const again = desired('5', { deleted: { sequence: 1, key: 'D' }, last: { ...aDesired().last, sequence: 2 } });
    expect(told([again], [liveGroup('5')])).toEqual([]);
  });
});

describe('a group that is missing', () => {
  it('names a group of its name that no ticket made', () => {
    expect(reportOf([desired('5')], [liveGroup('6', { name: 'Group 5' })]).findings).toMatchObject([
      { kind: 'missing', groupId: '5', sameName: '6' },
      { kind: 'unmanaged', groupId: '6' },
    ]);
    const [found] = reportOf([desired('5')], [liveGroup('6')]).findings;
    expect(found).not.toHaveProperty('sameName');
  });

  it('names a group of its name in another Unicode form', () => {
    const name = { value: 'Zürich', ...stamp };
    const twin = liveGroup('6', { name: 'Zürich'.normalize('NFD') });
    expect(reportOf([desired('5', { name })], [twin]).findings[0]).toMatchObject({ kind: 'missing', sameName: '6' });
  });

  it('is called by what it is approved as, else as it was seen, else not at all', () => {
    const seenName = { value: 'Seen', ...stamp };
    const { name: _, ...nameless } = desired('5');
    const names = [{ ...desired('5'), seenName }, { ...nameless, seenName }, nameless].map(
      (one) => reportOf([one], []).findings[0],
    );
    expect(names).toMatchObject([{ name: 'Group 5' }, { name: 'Seen' }, { name: '' }]);
  });
});

describe('a group with other members', () => {
  it('counts as drifted', () => {
    const group = desired('1', { members: { 11: [1, 1] } });
    expect(reportOf([group], [liveGroup('1')])).toMatchObject({
      coverage: { managed: 1, drifted: 1, inSync: 0 },
      findings: [{ kind: 'membership', removed: ['11'], added: [] }],
    });
  });
});

describe('who wrote last', () => {
  it('is said as far as ZPA says it, and as ours where that is known', () => {
    const by = (over: object, ourWriters: string[] = []) =>
      reportOf([], [liveGroup('6', { modifiedBy: '900', modifiedTime: undefined, ...over })], { ourWriters })
        .findings[0];
    expect(by({})).toHaveProperty('lastWriter', { id: '900' });
    expect(by({}, ['900'])).toHaveProperty('lastWriter', { id: '900', ours: true });
    expect(by({}, ['1'])).toHaveProperty('lastWriter', { id: '900', ours: false });
    expect(by({ modifiedTime: 0 })).toHaveProperty('lastWriter', { id: '900', at: '1970-01-01T00:00:00.000Z' });
    expect(by({ modifiedBy: undefined })).not.toHaveProperty('lastWriter');
  });
});

describe('a finding', () => {
  it('calls for somebody unless it is unmanaged, unread, or being worked on', () => {
    const [missing] = reportOf([desired('5')], []).findings;
    const [unmanaged] = reportOf([], [liveGroup('6')]).findings;
    const [unread] = reportOf([], [], { listings: [failed('acme')] }).findings;
    expect([missing, unmanaged, unread].map((one) => one !== undefined && isDrift(one))).toEqual([true, false, false]);
    const [busy] = reportOf([desired('5')], [], { inFlight: () => 1 }).findings;
    expect(busy && isDrift(busy)).toBe(false);
  });
});

const failed = (tenant: string, microtenantId?: string): GroupListing => ({
  tenant,
  microtenantId,
  result: { failure: { code: 'unreachable', reason: 'no answer' } },
});
const read = (microtenantId: string | undefined, ...ids: string[]): GroupListing => ({
  tenant: 'acme-test',
  microtenantId,
  result: { groups: ids.map((id) => liveGroup(id)) },
});

describe('what was not read', () => {
  const berlin = desired('2', { microtenantId: '77' });

  it('is told per listing that failed, with the groups nothing is said about', () => {
    expect(
      reportOf([desired('1'), berlin], [], { listings: [failed('a', '0'), failed('b', '77'), failed('c')] }).findings,
    ).toEqual([
      { kind: 'not-checked', tenant: 'a', microtenantId: '0', code: 'unreachable', reason: 'no answer', groups: 1 },
      { kind: 'not-checked', tenant: 'b', microtenantId: '77', code: 'unreachable', reason: 'no answer', groups: 1 },
      { kind: 'not-checked', tenant: 'c', code: 'unreachable', reason: 'no answer', groups: 0 },
    ]);
  });

  it('is told once, whether it was asked for again or not', () => {
    const readings = [failed('a')];
    expect(reportOf([desired('1')], [], { listings: readings, absenceChecks: [] }).findings).toMatchObject([
      { groups: 1 },
    ]);
  });

  it('is told in the order of the groups', () => {
    const list = [desired('3'), desired('1'), desired('2')];
    expect(told(list, [], { absenceChecks: [] })).toEqual(['not-checked 1', 'not-checked 2', 'not-checked 3']);
    expect(told(list.toReversed(), [], { absenceChecks: [] })).toEqual([
      'not-checked 1',
      'not-checked 2',
      'not-checked 3',
    ]);
  });

  it('is told where the configuration no longer names a microtenant', () => {
    expect(reportOf([berlin], [], { listings: [read('0')] }).findings).toMatchObject([
      { kind: 'not-checked', tenant: 'acme-test', microtenantId: '77', code: 'not-configured', groups: 1 },
    ]);
  });

  it('is a group that the list lacks, until a look by its id says it is gone', () => {
    const look = (secondLooks: Parameters<typeof reportOf>[2]) => reportOf([desired('1')], [], secondLooks).findings;
    expect(look({ absenceChecks: [] })).toEqual([
      expect.objectContaining({
        kind: 'not-checked',
        groupId: '1',
        microtenantId: '0',
        code: 'not-confirmed',
        groups: 1,
      }),
    ]);
    const failure = { code: 'rate-limited', reason: 'later' };
    expect(look({ absenceChecks: [{ groupId: '1', result: { failure } }] })).toEqual([
      { kind: 'not-checked', tenant: 'acme-test', microtenantId: '0', groupId: '1', ...failure, groups: 1 },
    ]);
    expect(look({ absenceChecks: [{ groupId: '1', result: 'absent' }] })).toMatchObject([{ kind: 'missing' }]);
    expect(look({ absenceChecks: [{ groupId: '1', result: { group: liveGroup('1') } }] })).toEqual([]);
  });

  it('is looked at again by id: what a listing should hold and does not, in order', () => {
    const all = [desired('3'), desired('1'), berlin, gone('4'), desired('5')];
    const ids = (...readings: GroupListing[]) => absentFromListings(all, readings).map((one) => one.groupId);
    expect(ids(read('0', '5'))).toEqual(['1', '3']);
    expect(ids(read('0', '5'), read('77'))).toEqual(['1', '2', '3']);
    expect(ids(read(undefined, '5'), failed('x', '77'))).toEqual(['1', '2', '3']);
    expect(ids(failed('x'))).toEqual([]);
  });
});

describe('what a change names', () => {
  const moveTo = { id: '8' };
  it.each<[Record<string, unknown>, unknown[], unknown[]]>([
    [rawCreate({ applications: [{ id: '11' }] }), [{ name: 'Web Apps' }], [{ id: '11' }]],
    [rawDelete({ group: { id: '7' } }), [{ id: '7' }], []],
    [rawDelete({ group: { id: '7' }, moveApplicationsTo: moveTo }), [{ id: '7' }, moveTo], []],
    [rawUpdate({ group: { id: '7' }, set: { name: 'New' } }), [{ id: '7' }, { name: 'New' }], []],
    [
      rawUpdate({ group: { id: '7' }, applications: { add: [{ id: '11' }], remove: [{ name: 'ssh' }] }, moveTo }),
      [{ id: '7' }, moveTo],
      [{ id: '11' }, { name: 'ssh' }],
    ],
    [rawUpdate({ group: { id: '7' }, applications: { replace: [{ id: '11' }] } }), [{ id: '7' }], [{ id: '11' }]],
  ])('of %j are the groups %j and the applications %j', (raw, groups, applications) => {
    expect(groupsNamed(parsed(raw))).toEqual(groups);
    expect(applicationsNamed(parsed(raw))).toEqual(applications);
  });
});

describe('the group an application belongs to', () => {
  it('is that of the latest approval that put it into one', () => {
    const claims = newestClaims([
      desired('1', { members: { 11: [1, 5], 12: [0, 9], 13: [1, 7] } }),
      desired('2', { members: { 11: [1, 8], 13: [1, 3] } }),
    ]);
    expect([...claims]).toEqual([
      ['11', 8],
      ['13', 7],
    ]);
  });
});

describe('a change under way', () => {
  it('is one for its group, by id, by name, or by what settled meanwhile', () => {
    const open = [
      aChange({ ref: aRef('K1'), change: anUpdate({ group: { id: '7' } }) }),
      aChange({ ref: aRef('K2'), change: anUpdate({ group: { name: 'Web' }, set: { name: 'Net' } }) }),
    ];
    const [before, changed] = [desired('7', { version: 1 }), desired('7', { version: 2 })];
    const inFlight = changesInFlight(open, [before], [changed]);
    expect([inFlight('7', []), inFlight('7', ['Web']), inFlight('8', ['Net', 'Web']), inFlight('8', ['X'])]).toEqual([
      2, 3, 1, 0,
    ]);
    expect(changesInFlight(open, [changed], [changed])('7', [])).toBe(1);
  });

  it('is found under its name in another Unicode form', () => {
    const open = [aChange({ change: anUpdate({ group: { name: 'Zürich' } }) })];
    expect(changesInFlight(open, [], [])('7', ['Zürich'.normalize('NFD')])).toBe(1);
  });

  it('that settled meanwhile is no other than when it was open', () => {
    const key = aDesired().last;
    const open = [aChange({ ref: aRef(key.key, { source: key.source }), change: anUpdate({ group: { id: '7' } }) })];
    expect(changesInFlight(open, [], [desired('7')])('7', [])).toBe(1);
  });

  it('on a group that no ticket made is told with it', () => {
    const named = (_: string, names: readonly string[]) => names.length;
    expect(reportOf([], [liveGroup('6')], { inFlight: named }).findings).toMatchObject([{ pending: 1 }]);
    const seenName = { value: 'Seen', ...stamp };
    const renamed = [liveGroup('5', { name: 'Other' })];
    expect(reportOf([{ ...desired('5'), seenName }], renamed, { inFlight: named }).findings).toMatchObject([
      { pending: 3 },
    ]);
    expect(reportOf([desired('5')], [], { inFlight: named }).findings).toMatchObject([{ pending: 1 }]);
  });
});
