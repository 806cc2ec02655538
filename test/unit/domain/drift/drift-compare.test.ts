import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countFindings, isDrift } from '../../../../shared/domain/drift/drift.ts';
import { absentFromListings, type GroupListing } from '../../../../shared/domain/drift/group-listings.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { changesInFlight } from '../../../../shared/domain/ledger/membership-history.ts';
import { approvedFor, changeRecord, desiredFrom, liveGroup, reportOf, settledWith } from '../ledger-items.ts';
import { parsed, rawUpdate } from '../sample-changes.ts';

const UNREAD: GroupListing['result'] = { failure: { code: 'unreachable', reason: 'ZPA did not answer.' } };

const groupArbitrary = fc.record({
  name: fc.constantFrom('Web', 'Mail', 'Build'),
  description: fc.constantFrom('', 'for everybody'),
  enabled: fc.boolean(),
  exactly: fc.uniqueArray(fc.nat(400).map(String), { maxLength: 6 }),
});
/** Live groups exactly as tickets created them; each application is in one group only, as in ZPA. */
const inSync = fc.array(groupArbitrary, { maxLength: 6 }).map((all) => {
  const taken = new Set<string>();
  return all.map(({ exactly, ...fields }, index) => {
    const ids = exactly.filter((id) => !taken.has(id));
    for (const id of ids) taken.add(id);
    const id = String(index + 1);
    const record = settledWith(index + 1, approvedFor(id, { fields, members: { has: [], hasNot: [], exactly: ids } }));
    return { record, group: liveGroup(id, { ...fields, applicationIds: ids }) };
  });
});
const shuffle = <T>(list: T[]) => fc.shuffledSubarray(list, { minLength: list.length });

describe('drift', () => {
  it('finds nothing in a tenant that is as tickets approved it, in whatever order things come', () => {
    const reordered = inSync.chain((pairs) =>
      fc.tuple(shuffle(pairs.map((p) => p.record)), shuffle(pairs.map((p) => p.group))).chain(([records, groups]) =>
        fc.tuple(...groups.map((group) => shuffle(group.applicationIds))).map((members) => ({
          records,
          groups: groups.map(
            (group, i): SegmentGroup => ({ ...group, applicationIds: members[i] ?? [], modifiedTime: i }),
          ),
        })),
      ),
    );
    fc.assert(
      fc.property(reordered, ({ records, groups }) => {
        const report = reportOf(desiredFrom(records), groups);
        expect(report.findings).toEqual([]);
        expect(report.coverage).toMatchObject({ managed: groups.length, inSync: groups.length, unmanaged: 0 });
      }),
    );
  });

  it('never calls a group missing that was not read, whatever the listings say', () => {
    const anyReading = fc.constantFrom<GroupListing['result']>(UNREAD, { groups: [] });
    fc.assert(
      fc.property(inSync, anyReading, fc.boolean(), (pairs, first, looked) => {
        const desired = desiredFrom(pairs.map((p) => p.record));
        const failure = { code: 'rate-limited', reason: 'later' };
        const secondLooks = looked ? desired.map(({ groupId }) => ({ groupId, result: { failure } })) : [];
        const readings = [{ tenant: 'umbrella', microtenantId: '0', result: first }];
        const report = reportOf(desired, [], { listings: readings, absenceChecks: secondLooks });
        expect(countFindings(report.findings)).toMatchObject({ missing: 0, changed: 0, membership: 0 });
        expect(report.coverage.notChecked).toBe(desired.length);
        expect(report.complete).toBe(desired.length === 0 && first !== UNREAD);
      }),
    );
  });

  it('counts every managed group once: in sync, drifted, in flight or not checked', () => {
    const mixed = inSync.chain((pairs) =>
      fc
        .array(fc.constantFrom('same', 'gone', 'renamed', 'unsure'), {
          minLength: pairs.length,
          maxLength: pairs.length,
        })
        .map((fates) => ({ pairs, fates })),
    );
    fc.assert(
      fc.property(mixed, fc.boolean(), ({ pairs, fates }, busy) => {
        const desired = desiredFrom(pairs.map((p) => p.record));
        const live = pairs.flatMap(({ group }, i) => {
          if (fates[i] === 'gone' || fates[i] === 'unsure') return [];
          return [fates[i] === 'renamed' ? { ...group, name: `${group.name} 2` } : group];
        });
        const secondLooks = pairs
          .filter((_, i) => fates[i] === 'gone')
          .map(({ group }) => ({ groupId: group.id, result: 'absent' as const }));
        const inFlight = () => (busy ? 1 : 0);
        const { coverage } = reportOf(desired, live, { absenceChecks: secondLooks, inFlight });
        const count = (...kinds: string[]) => fates.filter((fate) => kinds.includes(fate)).length;
        expect(coverage).toMatchObject({
          managed: pairs.length,
          inSync: count('same'),
          drifted: busy ? 0 : count('gone', 'renamed'),
          inFlight: busy ? count('gone', 'renamed') : 0,
          notChecked: count('unsure'),
        });
      }),
    );
  });

  it('says field by field what is approved and what lives, who wrote last and when', () => {
    const fields = { name: 'Web Apps', description: 'all of them', enabled: true };
    const desired = desiredFrom([settledWith(4, approvedFor('11', { fields }))]);
    const live = liveGroup('11', { name: 'Web Apps old', description: 'all of them', enabled: false });
    const report = reportOf(desired, [live], { ourWriters: ['999'] });
    expect(report.findings).toEqual([
      {
        kind: 'changed',
        groupId: '11',
        name: 'Web Apps',
        tenant: 'umbrella',
        microtenantId: '0',
        pending: 0,
        approval: { key: 'CHG4', source: 'desk', ticket: 'T-4', at: '2023-11-14T22:13:20.000Z' },
        differences: [
          { field: 'name', desired: 'Web Apps', live: 'Web Apps old', key: 'CHG4' },
          { field: 'enabled', desired: 'true', live: 'false', key: 'CHG4' },
        ],
        lastWriter: { id: '72058304855015425', at: '2025-11-13T02:13:20.000Z', ours: false },
      },
    ]);
  });

  it('does not take Unicode forms, outer blanks or fields of ZPA for drift', () => {
    const desired = desiredFrom([settledWith(1, approvedFor('11', { fields: { name: 'Büro', description: 'x ' } }))]);
    const live = liveGroup('11', { name: 'Bu\u0308ro', description: 'x', configSpace: 'SIEM', modifiedBy: '5' });
    expect(reportOf(desired, [live]).findings).toEqual([]);
  });

  describe('membership', () => {
    const named = settledWith(1, approvedFor('11', { members: { has: ['101', '102'], hasNot: ['103'] } }));

    it('judges only what tickets named', () => {
      const live = liveGroup('11', { applicationIds: ['102', '103', '777'] });
      expect(reportOf(desiredFrom([named]), [live]).findings).toMatchObject([
        { kind: 'membership', added: ['103'], removed: ['101'] },
      ]);
    });

    it('judges everything once a ticket stated the whole membership', () => {
      const whole = settledWith(2, approvedFor('11', { members: { has: [], hasNot: [], exactly: ['101'] } }));
      const live = liveGroup('11', { applicationIds: ['101', '777'] });
      expect(reportOf(desiredFrom([named, whole]), [live]).findings).toMatchObject([
        { kind: 'membership', added: ['777'], removed: [] },
      ]);
    });

    it('a later ticket that puts an application elsewhere takes it out here', () => {
      const moved = settledWith(2, approvedFor('12', { members: { has: ['101'], hasNot: [] } }));
      const live = [liveGroup('11', { applicationIds: ['102'] }), liveGroup('12', { applicationIds: ['101'] })];
      expect(reportOf(desiredFrom([named, moved]), live).findings).toEqual([]);
    });
  });

  it('recognises a rename by id, and a group made anew by name', () => {
    const desired = desiredFrom([
      settledWith(1, approvedFor('11', { fields: { name: 'Web' } })),
      settledWith(2, approvedFor('12', { fields: { name: 'Mail' } })),
    ]);
    const live = [liveGroup('11', { name: 'Internet' }), liveGroup('99', { name: 'Mail' })];
    expect(reportOf(desired, live).findings).toMatchObject([
      { kind: 'missing', groupId: '12', sameName: '99' },
      { kind: 'changed', groupId: '11', differences: [{ field: 'name', desired: 'Web', live: 'Internet' }] },
      { kind: 'unmanaged', groupId: '99' },
    ]);
  });

  it.each([
    ['under its id', '11'],
    ['under its name', '99'],
  ])('a group that a ticket deleted and that lives again %s is resurrected', (_, id) => {
    const desired = desiredFrom([settledWith(1, approvedFor('11', { deleted: true }))]);
    const report = reportOf(desired, [liveGroup(id, { name: 'Group 11' })]);
    expect(report.findings).toMatchObject([{ kind: 'resurrected', groupId: id, deletedId: '11', name: 'Group 11' }]);
    expect(report.coverage).toMatchObject({ managed: 0, unmanaged: 0, resurrected: 1 });
    expect(reportOf(desired, []).findings).toEqual([]);
  });

  it('a microtenant that could not be read hides only its own groups, and says how many', () => {
    const desired = desiredFrom([
      settledWith(1, approvedFor('11', { microtenantId: '7' })),
      settledWith(2, approvedFor('12', { microtenantId: '8' })),
      settledWith(3, approvedFor('13', { microtenantId: '9' })),
    ]);
    const readings: GroupListing[] = [
      { tenant: 'umbrella', microtenantId: '7', result: UNREAD },
      { tenant: 'umbrella', microtenantId: '8', result: { groups: [] } },
    ];
    const report = reportOf(desired, [], { listings: readings });
    expect(report.findings).toMatchObject([
      { kind: 'missing', groupId: '12' },
      { kind: 'not-checked', microtenantId: '7', code: 'unreachable', groups: 1 },
      { kind: 'not-checked', microtenantId: '9', code: 'not-configured', groups: 1 },
    ]);
    expect(report).toMatchObject({ complete: false, coverage: { managed: 3, drifted: 1, notChecked: 2, inSync: 0 } });
    expect(absentFromListings(desired, readings).map((group) => group.groupId)).toEqual(['12']);
  });

  it('a group the listing lost, but that answers to its id, is compared as it is', () => {
    const desired = desiredFrom([settledWith(1, approvedFor('11', { fields: { enabled: true } }))]);
    const secondLooks = [{ groupId: '11', result: { group: liveGroup('11', { enabled: false }) } }];
    expect(reportOf(desired, [], { absenceChecks: secondLooks }).findings).toMatchObject([
      { kind: 'changed', groupId: '11' },
    ]);
  });

  it('a record that cannot be read makes the report incomplete, and its group neither in sync nor unmanaged', () => {
    const desired = desiredFrom([settledWith(1, approvedFor('11'))]);
    const unreadable = [{ groupId: '12', why: 'the record is damaged' }, { why: 'a change is damaged' }];
    const live = [liveGroup('11'), liveGroup('12')];
    const report = reportOf(desired, live, { unreadable, tenants: ['beta', 'acme'] });
    const notChecked = { kind: 'not-checked', tenant: 'beta', code: 'record-malformed' };
    expect(report.findings).toEqual([
      { ...notChecked, groupId: '12', reason: 'the record is damaged', groups: 1 },
      { ...notChecked, reason: 'a change is damaged', groups: 0 },
    ]);
    expect(report).toMatchObject({
      tenants: ['acme', 'beta'],
      complete: false,
      coverage: { managed: 2, inSync: 1, notChecked: 1 },
    });
    expect(reportOf(desired, live, { unreadable, tenants: [] }).findings[0]).toMatchObject({ tenant: report.lane });
  });

  it('lists what was found by its kind, and then by group', () => {
    const ids = ['13', '11', '12'];
    const renamed = ids.map((id) => liveGroup(id, { name: 'Other' }));
    const desired = desiredFrom(ids.map((id, i) => settledWith(i + 1, approvedFor(id, { fields: { name: 'Web' } }))));
    const gone = desiredFrom([settledWith(9, approvedFor('14'))]);
    const { findings } = reportOf([...desired, ...gone], [...renamed, liveGroup('9')]);
    expect(findings.map(({ kind, groupId }) => `${kind} ${groupId}`)).toEqual([
      'missing 14',
      'changed 11',
      'changed 12',
      'changed 13',
      'unmanaged 9',
    ]);
  });

  it('notes changes under way by id and by name, and what settled while ZPA was read', () => {
    const before = desiredFrom([settledWith(1, approvedFor('11', { fields: { name: 'Web' } }))]);
    const [known] = before;
    if (known === undefined) throw new Error('nothing was approved');
    const byName = changeRecord(3, { state: 'queued' });
    const open = [
      changeRecord(2, { state: 'accepted' }),
      { ...byName, change: parsed(rawUpdate({ group: { name: 'Web' }, set: { enabled: true } })) },
    ];
    const live = [liveGroup('11', { name: 'Internet' })];
    const busy = reportOf(before, live, { inFlight: changesInFlight(open, before, before) });
    expect(busy.findings).toMatchObject([{ kind: 'changed', pending: 2 }]);
    expect(busy.findings.some(isDrift)).toBe(false);
    const after = [{ ...known, version: known.version + 1 }];
    expect(reportOf(after, live, { inFlight: changesInFlight([], before, after) }).findings).toMatchObject([
      { pending: 1 },
    ]);
    expect(reportOf(before, live).findings).toMatchObject([{ pending: 0 }]);
  });
});
