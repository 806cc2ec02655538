import { describe, expect, it } from 'vitest';
import { findingId } from '../../../../../shared/domain/drift/finding-id.ts';
import { foldDesired } from '../../../../../shared/domain/ledger/desired.ts';
import { aRejected } from '../../../../fakes/records.ts';
import { approvedFor, changeRecord, desiredFrom, reportOf, settledWith } from '../../ledger-items.ts';
import { created, lineOf, listing, live, removedBy, stated, told } from './samples.ts';

/** Groups that ZPA does not have, has again, has in another place, or has without a ticket. */

const settings = (pattern: 'owned' | 'watched' | 'foreign') => ({
  settings: {
    nameWriter: (seen: { id: string; of: 'group' | 'application' }) => ({ ...seen, kind: 'unknown' as const }),
    patternOf: () => pattern,
  },
});

describe('an approved group that ZPA does not have', () => {
  const web = created(1, '11', 'Web', ['101']);

  it('is missing, by the latest ticket that touched it', () => {
    expect(reportOf(desiredFrom([web]), []).findings).toMatchObject([
      {
        id: findingId('PRODUCTION:1234567890', '11', 'exists'),
        kind: 'missing',
        facet: 'exists',
        group: { id: '11', name: 'Web', microtenantId: '0', tenant: 'umbrella' },
        before: 'exists',
        after: 'absent',
        approval: { key: 'CHG1', ticket: 'T-1' },
      },
    ]);
  });

  it.each([
    ['Web', 'as it is'],
    ['Bu\u0308ro', 'in another Unicode form'],
    ['R&amp;D', 'escaped once more'],
    [' Web ', 'with outer blanks'],
  ])('that lives anew as %j, its name %s, is one finding with its new id, and its members are none', (name) => {
    const approved = { Web: 'Web', ' Web ': 'Web', 'Bu\u0308ro': 'Büro', 'R&amp;D': 'R&D' }[name] ?? name;
    const desired = desiredFrom([created(1, '11', approved, ['101'])]);
    const report = reportOf(desired, [live('99', name, ['101', '777'])], settings('owned'));
    expect(report.findings.map(lineOf)).toEqual(['missing 11 exists to 99']);
    expect(report.unmanaged).toEqual([]);
  });

  it('is not meant by a group of its name in another microtenant, nor by one that a ticket named so', () => {
    const other = [live('99', 'Web', [], { microtenantId: '7' })];
    expect(told(desiredFrom([web]), other)).toEqual(['missing 11 exists']);
    expect(told(desiredFrom([web, created(0.5, '12', 'Mail')]), [live('12', 'Web')])).toEqual([
      'missing 11 exists',
      'changed 12 name',
    ]);
  });

  it('lives anew in a group that a ticket has only described', () => {
    const desired = desiredFrom([web, stated(2, '99', { description: 'anew' })]);
    expect(told(desired, [live('99', 'Web', [], { description: 'anew' })])).toEqual(['missing 11 exists to 99']);
  });

  it('of two with one name, the newer one lives anew', () => {
    const desired = desiredFrom([created(1, '10', 'Web'), created(2, '11', 'Web')]);
    const absenceChecks = ['10', '11'].map((groupId) => ({ groupId, result: 'absent' as const }));
    expect(told(desired, [live('99', 'Web')], { absenceChecks })).toEqual([
      'missing 10 exists',
      'missing 11 exists to 99',
    ]);
  });
});

describe('a missing group is settled', () => {
  const web = created(1, '11', 'Web', ['101']);

  it.each([
    ['creates it anew', created(2, '99', 'Web', ['101']), [live('99', 'Web', ['101'])]],
    ['gives its name to another group', stated(2, '99', { name: 'Web' }), [live('99', 'Web', ['101'])]],
    ['deletes the one that was made in its place', removedBy(2, '99'), []],
  ])('by a later ticket that %s', (_, later, groups) => {
    const records = [web, later].map((record) => {
      const outcome = record.outcome;
      if (outcome === undefined || !('effect' in outcome)) return record;
      const summary = { name: 'Web', description: '', enabled: true, applicationCount: 0 };
      return { ...record, outcome: { ...outcome, effect: { ...outcome.effect, before: summary, after: summary } } };
    });
    const report = reportOf(desiredFrom(records), groups);
    expect(report.findings).toEqual([]);
    expect(report.coverage.managed).toBe(groups.length);
  });

  it('not by an earlier ticket, nor while the new group is missing too', () => {
    expect(told(desiredFrom([created(1, '99', 'Web'), created(2, '11', 'Web')]), [live('99', 'Web')])).toEqual([
      'missing 11 exists',
    ]);
    expect(told(desiredFrom([web, created(2, '99', 'Web')]), [])).toEqual(['missing 11 exists', 'missing 99 exists']);
  });

  it('only once a read by its id has shown that it is gone', () => {
    const desired = desiredFrom([web, created(2, '99', 'Web')]);
    const report = reportOf(desired, [live('99', 'Web')], { absenceChecks: [] });
    expect(report.notChecked).toMatchObject([{ groupId: '11', code: 'not-confirmed' }]);
  });
});

describe('a group that a ticket deleted', () => {
  it.each([
    ['under its id', '11'],
    ['under its name, with a new id', '99'],
  ])('and that lives %s is resurrected, and no unmanaged group', (_, id) => {
    const desired = desiredFrom([created(1, '11', 'Web'), removedBy(2, '11')]);
    const report = reportOf(desired, [live(id, 'Web', ['101'])], settings('owned'));
    expect(report.findings).toMatchObject([
      {
        id: findingId('PRODUCTION:1234567890', id, 'exists'),
        kind: 'resurrected',
        deletedId: '11',
        group: { id, name: 'Web' },
        before: 'absent',
        after: 'exists',
        approval: { key: 'CHG2' },
      },
    ]);
    expect([report.coverage.managed, report.unmanaged]).toEqual([0, []]);
    expect(told(desired, [])).toEqual([]);
  });

  it('under one name several times is the one deleted last', () => {
    const twice = [created(1, '11', 'Web'), removedBy(2, '11'), created(3, '12', 'Web'), removedBy(4, '12')];
    expect(told(desiredFrom(twice), [live('99', 'Web')])).toEqual(['resurrected 99 exists deleted as 12']);
  });

  it('or would have deleted, had somebody not done so before, is resurrected too', () => {
    const sought = changeRecord(2, {
      change: { schemaVersion: 1, idempotencyKey: 'CHG2', tenant: 'umbrella', action: 'delete', group: { id: '11' } },
      outcome: aRejected({ code: 'group-not-found', path: 'group' }),
    });
    const [web] = desiredFrom([created(1, '11', 'Web')]);
    const desired = [web && foldDesired(web, sought)].flatMap((group) => group ?? []);
    expect(told(desired, [])).toEqual([]);
    expect(reportOf(desired, [live('99', 'Web')]).findings).toMatchObject([
      { kind: 'resurrected', group: { id: '99' }, deletedId: '11', approval: { key: 'CHG2' } },
    ]);
    expect(told(desired, [live('11', 'Web')])).toEqual([]);
    const again = desired.flatMap((group) => foldDesired(group, stated(3, '11', { enabled: true })) ?? []);
    expect(told(again, [])).toEqual(['missing 11 exists']);
  });

  it('is approved again by a later ticket', () => {
    expect(told(desiredFrom([removedBy(1, '11'), created(2, '11', 'Web')]), [live('11', 'Web')])).toEqual([]);
  });
});

describe('a group in no ticket', () => {
  const groups = [live('8', 'Old', ['1'], { modifiedTime: 5 }), live('9', 'New', [], { modifiedTime: 9 })];

  it('is listed, the most recently written first, and no finding', () => {
    const report = reportOf([], groups);
    expect(report.findings).toEqual([]);
    expect(report.unmanaged).toMatchObject([
      { id: '9', name: 'New', pattern: 'none', applicationCount: 0, writer: { of: 'group' } },
      { id: '8', name: 'Old', pattern: 'none', applicationCount: 1 },
    ]);
    expect(report.coverage).toMatchObject({ live: 2, unmanaged: 2, foreign: 0 });
  });

  it('is a finding where its name is reserved for tickets', () => {
    const report = reportOf([], groups, settings('owned'));
    expect(report.findings.map(lineOf)).toEqual(['unmanaged 8 exists', 'unmanaged 9 exists']);
    expect(report.findings[0]).not.toHaveProperty('approval');
    expect(report.unmanaged.map(({ pattern }) => pattern)).toEqual(['owned', 'owned']);
  });

  it('is only counted where others keep it', () => {
    const report = reportOf([], groups, settings('foreign'));
    expect([report.findings, report.unmanaged]).toEqual([[], []]);
    expect(report.coverage).toMatchObject({ live: 2, unmanaged: 0, foreign: 2 });
  });
});

describe('a group that moved between microtenants', () => {
  const desired = desiredFrom([settledWith(1, approvedFor('11', { microtenantId: '7', fields: { name: 'Web' } }))]);

  it('is a change of its existence, with both places', () => {
    const listings = [listing('7', []), listing('8', [live('11', 'Web', [], { microtenantId: '8' })])];
    expect(reportOf(desired, [], { listings }).findings).toMatchObject([
      { kind: 'changed', facet: 'exists', before: 'microtenant 7', after: 'microtenant 8', approval: { key: 'CHG1' } },
    ]);
  });

  it('is none where ZPA leaves out the id of the microtenant that was asked for', () => {
    const listings = [listing('7', [live('11', 'Web', [], { microtenantId: '0' })])];
    expect(told(desired, [], { listings })).toEqual([]);
  });

  it('is found by a client that sees all microtenants', () => {
    expect(told(desired, [live('11', 'Web', [], { microtenantId: '8' })])).toEqual(['changed 11 exists']);
  });
});
