import { describe, expect, it } from 'vitest';
import { desiredFrom, reportOf } from '../../ledger-items.ts';
import { application, created, listing, listOf, live, removedBy, stated, told } from './samples.ts';

/** Application segments that are not where tickets approved them. */

const web = created(1, '11', 'Web', ['101', '102']);
const mail = created(2, '12', 'Mail', ['201']);

describe('an application segment that left its group', () => {
  it.each([
    ['into a managed group', [live('11', 'Web', ['102']), live('12', 'Mail', ['101', '201'])], '12', '12'],
    [
      'into a group in no ticket',
      [live('11', 'Web', ['102']), live('12', 'Mail', ['201']), live('99', 'X', ['101'])],
      '99',
      '99',
    ],
    ['into no group', [live('11', 'Web', ['102']), live('12', 'Mail', ['201'])], undefined, 'no-group'],
  ])('%s is one finding that says where it is', (_, groups, home, to) => {
    const applications = listOf(application('101', home));
    expect(told(desiredFrom([web, mail]), groups, { applications })).toEqual([`removed 11 app:101 to ${to}`]);
  });

  it('by being deleted is gone', () => {
    const [finding, ...others] = reportOf(desiredFrom([web]), [live('11', 'Web', ['102'])], {
      applications: listOf(application('102', '11')),
    }).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      kind: 'removed',
      to: 'gone',
      application: { id: '101', name: '101' },
      before: 'in the group',
      after: 'not in the group',
      approval: { key: 'CHG1', ticket: 'T-1' },
    });
    expect(finding).not.toHaveProperty('writer');
  });

  it('is nowhere that is known where the applications were not read, or not all of them', () => {
    const groups = [live('11', 'Web', ['102'])];
    expect(told(desiredFrom([web]), groups)).toEqual(['removed 11 app:101']);
    const failed = { failure: { code: 'unreachable', reason: 'no answer' } };
    const applications = [
      { tenant: 'a', microtenantId: '7', result: { applications: [] } },
      { tenant: 'a', microtenantId: '0', result: failed },
    ];
    expect(told(desiredFrom([web]), groups, { applications })).toEqual(['removed 11 app:101']);
  });

  it.each([
    ['it', [{ id: '101', why: 'odd' }], undefined],
    ['one without an id', [{ why: 'odd' }], undefined],
    ['another one', [{ id: '103', why: 'odd' }], 'gone'],
  ])('is not called gone where the list of applications holds %s that cannot be parsed', (_, unreadable, to) => {
    const applications = [
      { ...listing(undefined, []), result: { applications: [application('102', '11')] }, unreadable },
    ];
    expect(reportOf(desiredFrom([web]), [live('11', 'Web', ['102'])], { applications }).findings[0]?.to).toBe(to);
  });

  it('is in a group that nobody scanned, as the list of applications says', () => {
    const applications = listOf(application('101', '4711', { segmentGroupName: 'Elsewhere' }));
    const { findings } = reportOf(desiredFrom([web]), [live('11', 'Web', ['102'])], { applications });
    expect(findings).toMatchObject([{ to: { id: '4711', name: 'Elsewhere' } }]);
  });

  it('is named by what the list of applications says, else by what its group says', () => {
    const there = live('99', 'X', ['101'], { members: new Map([['101', { name: 'wiki' }]]) });
    const groups = [live('11', 'Web', ['102']), there];
    const nameIn = (applications: ReturnType<typeof listOf>) =>
      reportOf(desiredFrom([web]), groups, { applications }).findings[0]?.application?.name;
    expect([nameIn([]), nameIn(listOf(application('101', '99')))]).toEqual(['wiki', 'app-101']);
  });
});

describe('an application segment that joined a group', () => {
  it('counts where a ticket stated the complete membership, against that ticket', () => {
    const { findings } = reportOf(desiredFrom([web]), [live('11', 'Web', ['101', '102', '777'])]);
    expect(findings).toMatchObject([
      { kind: 'added', facet: 'app:777', before: 'not in the group', after: 'in the group', approval: { key: 'CHG1' } },
    ]);
    expect(findings[0]).not.toHaveProperty('from');
  });

  it('counts whatever its id is, also one that every object has as a property', () => {
    const groups = [live('11', 'Web', ['101', '102', 'constructor', '__proto__'])];
    expect(told(desiredFrom([web]), groups)).toEqual(['added 11 app:__proto__', 'added 11 app:constructor']);
  });

  it('counts elsewhere only where a ticket named it', () => {
    const desired = desiredFrom([stated(1, '11', { name: 'Web' }, ['101'], ['103'])]);
    expect(told(desired, [live('11', 'Web', ['101', '103', '777'])])).toEqual(['added 11 app:103']);
  });

  it('comes from the group that a ticket put it into, if that is no more', () => {
    const { findings } = reportOf(desiredFrom([web, mail]), [live('11', 'Web', ['101', '102', '201'])]);
    expect(findings).toMatchObject([
      { kind: 'added', group: { id: '11' }, from: { id: '12', name: 'Mail' }, approval: { key: 'CHG2' } },
      { kind: 'missing', group: { id: '12' } },
    ]);
  });

  it.each([
    ['took it out of the group that a later one put it into', stated(3, '12', {}, [], ['101'])],
    ['deleted the group that a later one put it into', removedBy(3, '12')],
  ])('counts where only an older ticket wanted it, if a ticket %s', (_, last) => {
    const desired = desiredFrom([created(1, '11', 'Web', ['101']), created(2, '12', 'Mail', ['101']), last]);
    const mails = last.outcome?.kind === 'applied' && last.outcome.approved.deleted ? [] : [live('12', 'Mail')];
    const { findings } = reportOf(desired, [live('11', 'Web', ['101']), ...mails]);
    expect(findings).toMatchObject([
      { kind: 'added', group: { id: '11' }, facet: 'app:101', approval: { key: 'CHG3' } },
    ]);
    expect(findings[0]).not.toHaveProperty('from');
    expect(told(desired, [live('11', 'Web'), ...mails], { applications: listOf(application('101')) })).toEqual([]);
  });
});

describe('what approves a membership', () => {
  it('is the ticket that named just this application, not the latest one of the group', () => {
    const records = [web, stated(5, '11', {}, ['103']), stated(6, '11', { description: 'later' })];
    const groups = [live('11', 'Web', ['101', '102'], { description: 'later' })];
    expect(reportOf(desiredFrom(records), groups).findings).toMatchObject([
      { facet: 'app:103', approval: { key: 'CHG5', ticket: 'T-5', source: 'desk' } },
    ]);
  });

  it('is forgotten with the record of an earlier version, unless it was the latest change', () => {
    const earlier = desiredFrom([web, stated(5, '11', {}, ['103'])]).map(({ approvals: _, ...rest }) => rest);
    const { findings } = reportOf(earlier, [live('11', 'Web', [])]);
    expect(findings.map(({ facet, approval }) => [facet, approval?.key])).toEqual([
      ['app:101', undefined],
      ['app:102', undefined],
      ['app:103', 'CHG5'],
    ]);
  });

  it('is the newest ticket: it takes an application out of every other group', () => {
    const desired = desiredFrom([web, stated(3, '12', {}, ['101'])]);
    expect(told(desired, [live('11', 'Web', ['102']), live('12', 'Mail', ['101'])])).toEqual([]);
    expect(told(desired, [live('11', 'Web', ['101', '102']), live('12', 'Mail')])).toEqual([
      'removed 12 app:101 to 11',
    ]);
  });
});

describe('an application segment that a later ticket put into another group', () => {
  const moved = stated(3, '12', {}, ['101']);

  it.each([
    ['takes it out there', [stated(4, '12', {}, [], ['101'])], [live('12', 'Mail', ['201'])]],
    ['states another membership there', [created(4, '12', 'Mail', ['201'])], [live('12', 'Mail', ['201'])]],
    ['deletes the group', [removedBy(4, '12')], []],
  ])('is not missed in its first group, where one after that %s', (_, after, groups) => {
    const records = [web, mail, moved, ...after];
    for (const order of [records, records.toReversed()]) {
      expect(told(desiredFrom(order), [live('11', 'Web', ['102']), ...groups])).toEqual([]);
    }
  });

  it('is missed there once a ticket put it back', () => {
    const records = [web, mail, moved, stated(4, '12', {}, [], ['101']), stated(5, '11', {}, ['101'])];
    expect(told(desiredFrom(records), [live('11', 'Web', ['102']), live('12', 'Mail', ['201'])])).toEqual([
      'removed 11 app:101',
    ]);
  });

  it('does not come from a group that no ticket wants it in any more', () => {
    const records = [
      stated(1, '11', { name: 'Web' }, [], ['101']),
      stated(2, '12', {}, ['101']),
      stated(3, '12', {}, [], ['101']),
    ];
    expect(told(desiredFrom(records), [live('11', 'Web', ['101']), live('12', 'Group 12')])).toEqual([
      'added 11 app:101',
    ]);
  });
});

describe('two lists that disagree', () => {
  const desired = desiredFrom([web, mail]);

  it('are settled by the later one where a group shows what has left it', () => {
    const groups = [live('11', 'Web', ['101', '102']), live('12', 'Mail', ['101', '201'])];
    expect(told(desired, groups, { applications: listOf(application('101', '11')) })).toEqual([]);
    expect(told(desired, groups, { applications: listOf(application('101', '12')) })).toEqual([
      'removed 11 app:101 to 12',
    ]);
  });

  it('make no finding, and a report that says so', () => {
    const groups = [live('11', 'Web', ['102']), live('12', 'Mail', ['201'])];
    const report = reportOf(desired, groups, { applications: listOf(application('101', '11')) });
    expect(report).toMatchObject({ complete: false, findings: [] });
    expect(report.notChecked).toMatchObject([{ groupId: '11', code: 'moved-while-read', groups: 0 }]);
    const busy = reportOf(desired, groups, { applications: listOf(application('101', '11')), atWork: () => () => 1 });
    expect(busy).toMatchObject({ complete: true, findings: [], notChecked: [] });
  });

  it('are no matter where the groups show what is approved', () => {
    const groups = [live('11', 'Web', ['101', '102']), live('12', 'Mail', ['201'])];
    const report = reportOf(desired, groups, { applications: listOf(application('101', '12')) });
    expect(report).toMatchObject({ complete: true, findings: [] });
  });
});

describe('members of a group that was deleted', () => {
  it('are no findings of their own', () => {
    const applications = listOf(application('101'), application('102'));
    expect(told(desiredFrom([web]), [], { applications })).toEqual(['missing 11 exists']);
    expect(told(desiredFrom([web, removedBy(2, '11')]), [], { applications })).toEqual([]);
  });
});
