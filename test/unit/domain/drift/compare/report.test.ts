import { describe, expect, it } from 'vitest';
import { absentFromListings } from '../../../../../shared/domain/drift/compare/not-checked.ts';
import type { GroupListing } from '../../../../../shared/domain/drift/compare/readings.ts';
import { approvedFor, desiredFrom, reportOf, settledWith } from '../../ledger-items.ts';
import { created, lineOf, listing, live, removedBy, stated, told } from './samples.ts';

/** A report names what it covers and what it could not read, and orders its findings. */

const failed = (tenant: string, microtenantId?: string): GroupListing => ({
  tenant,
  microtenantId,
  result: { failure: { code: 'unreachable', reason: 'no answer' } },
});
const approved = (sequence: number, id: string, microtenantId = '0') =>
  settledWith(sequence, approvedFor(id, { microtenantId }));

describe('the coverage', () => {
  it('tells groups of which tickets stated all from those of which they stated a part', () => {
    const desired = desiredFrom([
      created(1, '11', 'Web', ['101']),
      stated(2, '12', { name: 'Mail', description: '', enabled: true }, ['201']),
      created(3, '13', 'Build'),
      approved(4, '14'),
    ]);
    const groups = [
      live('11', 'Web', ['101']),
      live('12', 'Mail', ['201', '777']),
      live('13', 'Changed'),
      live('9', 'X'),
    ];
    const absenceChecks = [{ groupId: '14', result: { failure: { code: 'x', reason: 'y' } } }];
    expect(reportOf(desired, groups, { absenceChecks }).coverage).toEqual({
      live: 4,
      managed: 4,
      fullyStated: 2,
      partlyStated: 1,
      unmanaged: 1,
      foreign: 0,
      notChecked: 1,
      drifted: 1,
    });
  });

  it('counts a group with several findings once, and none that changes are at work on, or that no ticket wants', () => {
    const desired = desiredFrom([created(1, '11', 'Web', ['101', '102']), removedBy(2, '12')]);
    const groups = [live('11', 'Other'), live('12', 'Group 12')];
    expect(reportOf(desired, groups).coverage.drifted).toBe(1);
    expect(reportOf(desired, groups, { atWork: () => () => 1 }).coverage.drifted).toBe(0);
  });
});

describe('the microtenants that a report covers', () => {
  it.each<[string, (string | undefined)[], string[] | undefined]>([
    ['those that were asked for', ['77', '0'], ['0', '77']],
    ['all that a client sees', [undefined], undefined],
    ['all that one of the clients sees', ['77', undefined], undefined],
  ])('are %s', (_, scopes, only) => {
    const report = reportOf([], [], { listings: scopes.map((id) => listing(id, [])) });
    expect([report.complete, report.onlyMicrotenants]).toEqual([true, only]);
  });

  it('are also such as the settings do not name, where the client sees them', () => {
    const groups = [live('1', 'A', [], { microtenantId: '4711' })];
    expect(reportOf([], groups)).toMatchObject({ coverage: { live: 1 }, unmanaged: [{ microtenantId: '4711' }] });
  });
});

describe('what could not be read', () => {
  it('is told per listing that failed, with the groups nothing is said about', () => {
    const desired = desiredFrom([approved(1, '1'), approved(2, '2', '77')]);
    const listings = [failed('a', '0'), failed('b', '77'), failed('c')];
    const since = '2025-11-24T16:00:00.000Z';
    const why = { code: 'unreachable', reason: 'no answer', since };
    const report = reportOf(desired, [], { listings });
    expect(report.notChecked).toEqual([
      { tenant: 'a', microtenantId: '0', ...why, groups: 1 },
      { tenant: 'b', microtenantId: '77', ...why, groups: 1 },
      { tenant: 'c', ...why, groups: 0 },
    ]);
    expect(report).toMatchObject({
      complete: false,
      findings: [],
      coverage: { managed: 2, notChecked: 2, drifted: 0 },
    });
  });

  it('is a microtenant that the configuration no longer names', () => {
    const report = reportOf(desiredFrom([approved(1, '2', '77')]), [], { listings: [listing('0', [])] });
    expect(report.notChecked).toMatchObject([{ microtenantId: '77', code: 'not-configured', groups: 1 }]);
  });

  it('is a group that the list lacks, until a read by its id says more', () => {
    const desired = desiredFrom([created(1, '11', 'Web')]);
    const checked = (
      result: 'absent' | { group: ReturnType<typeof live> } | { failure: { code: string; reason: string } },
    ) => reportOf(desired, [], { absenceChecks: [{ groupId: '11', result }] });
    expect(reportOf(desired, [], { absenceChecks: [] }).notChecked).toMatchObject([
      { groupId: '11', microtenantId: '0', tenant: 'umbrella', code: 'not-confirmed', groups: 1 },
    ]);
    expect(checked({ failure: { code: 'rate-limited', reason: 'later' } }).notChecked).toMatchObject([
      { groupId: '11', code: 'rate-limited', groups: 1 },
    ]);
    expect(checked('absent').findings.map(lineOf)).toEqual(['missing 11 exists']);
    expect(checked({ group: live('11', 'Other') }).findings.map(lineOf)).toEqual(['changed 11 name']);
  });

  it('is asked for by id only where a listing should hold it', () => {
    const all = desiredFrom([
      ...['3', '1', '5', '6'].map((id, index) => approved(index + 1, id)),
      approved(8, '2', '77'),
      removedBy(9, '4'),
    ]);
    const ids = (...listings: GroupListing[]) => absentFromListings(all, listings).map(({ groupId }) => groupId);
    const unreadable = [{ id: '6', why: 'odd' }];
    expect(ids(listing('0', [live('5', 'x')], { unreadable }))).toEqual(['1', '3']);
    expect(ids(listing('0', [live('5', 'x')]), listing('77', []))).toEqual(['1', '2', '3', '6']);
    expect(ids(listing(undefined, [live('5', 'x')]), failed('x', '77'))).toEqual(['1', '2', '3', '6']);
    expect(ids(failed('x'))).toEqual([]);
  });
});

describe('an object of the list that cannot be parsed', () => {
  const desired = desiredFrom([created(1, '11', 'Web', ['101']), created(2, '12', 'Mail')]);
  const groups = [live('12', 'Changed')];

  it('hides only its own group', () => {
    const unreadable = [{ id: '11', name: 'Web', why: 'modifiedBy is a number' }];
    const others = [...desired, ...desiredFrom([created(3, '13', 'Gone')])];
    const listings = [listing(undefined, groups, { unreadable })];
    const report = reportOf(others, [], { listings, absenceChecks: [{ groupId: '13', result: 'absent' }] });
    expect(report.findings.map(lineOf)).toEqual(['missing 13 exists', 'changed 12 name']);
    expect(report.notChecked).toMatchObject([
      {
        tenant: 'umbrella',
        groupId: '11',
        code: 'group-malformed',
        reason: 'The group "Web" cannot be parsed: modifiedBy is a number',
        groups: 1,
      },
    ]);
    expect(report).toMatchObject({ complete: false, coverage: { managed: 3, fullyStated: 2, notChecked: 1 } });
  });

  it('of no managed group, or of none that can be told, hides none', () => {
    const unreadable = [{ id: '99', why: 'odd' }, { why: 'no id' }];
    const listings = [listing(undefined, [...groups, live('11', 'Web', ['101'])], { unreadable })];
    const report = reportOf(desired, [], { listings });
    expect(report.findings.map(lineOf)).toEqual(['changed 12 name']);
    expect(report.notChecked.map(({ groupId, groups: hidden }) => [groupId, hidden])).toEqual([
      ['99', 0],
      [undefined, 0],
    ]);
    expect(report).toMatchObject({ complete: false, coverage: { managed: 2, fullyStated: 2, notChecked: 2 } });
  });

  it('is no gap where another listing shows the group', () => {
    const whole = listing(undefined, [...groups, live('11', 'Web', ['101'])]);
    const part = listing('0', groups, { unreadable: [{ id: '11', why: 'odd' }] });
    expect(reportOf(desired, [], { listings: [part, whole] })).toMatchObject({ complete: true, notChecked: [] });
  });
});

describe('a record of the ledger that cannot be read', () => {
  it('makes the report incomplete, and its group neither checked nor unmanaged', () => {
    const desired = desiredFrom([approved(1, '11')]);
    const unreadable = [{ groupId: '12', why: 'the record is damaged' }, { why: 'a change is damaged' }];
    const report = reportOf(desired, [live('11', 'x'), live('12', 'y')], { unreadable, tenants: ['beta', 'acme'] });
    expect(report).toMatchObject({
      tenants: ['acme', 'beta'],
      complete: false,
      unmanaged: [],
      coverage: { managed: 2, partlyStated: 1, notChecked: 1, unmanaged: 0 },
    });
    const twin = reportOf(desiredFrom([created(1, '11', 'Web')]), [live('12', 'Web')], { unreadable });
    expect(twin.findings.map(lineOf)).toEqual(['missing 11 exists']);
    expect(report.notChecked).toMatchObject([
      { tenant: 'beta', groupId: '12', code: 'record-malformed', reason: 'the record is damaged', groups: 1 },
      { tenant: 'beta', code: 'record-malformed', reason: 'a change is damaged', groups: 0 },
    ]);
  });
});

describe('the order of findings', () => {
  it('is by harm, by state, by kind, and then by group, however things come', () => {
    const desired = desiredFrom([
      created(1, '13', 'A'),
      created(2, '11', 'B', ['101']),
      created(3, '12', 'C', ['201']),
      created(4, '14', 'D'),
      removedBy(5, '15'),
    ]);
    const groups = [live('13', 'X'), live('11', 'Y', ['101', '777']), live('12', 'C'), live('15', 'Group 15')];
    const expected = [
      'added 11 app:777',
      'resurrected 15 exists deleted as 15',
      'removed 12 app:201',
      'missing 14 exists',
      'changed 11 name',
      'changed 13 name',
    ];
    expect(told(desired, groups)).toEqual(expected);
    expect(told(desired.toReversed(), groups.toReversed())).toEqual(expected);
    const busy = reportOf(desired, groups, {
      atWork:
        () =>
        ({ id }) =>
          id === '11' ? 1 : 0,
    });
    const unread = busy.findings.filter(({ access }) => access.read === 'not-read').map(({ state }) => state);
    expect(unread).toEqual(['new', 'new', 'new', 'in-flight']);
    expect(busy.findings.map(({ state }) => state)).toEqual([...unread, 'new', 'in-flight']);
  });
});
