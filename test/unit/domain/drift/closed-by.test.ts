import { describe, expect, it } from 'vitest';
import { carryOver } from '../../../../shared/domain/drift/carry-over.ts';
import type { Finding } from '../../../../shared/domain/drift/report.ts';
import type { DesiredGroup } from '../../../../shared/domain/records/desired-group.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { aFinding, aNotChecked, aSurvey } from '../sample-drift.ts';

const HOUR = 60 * 60 * 1000;
const value = <T>(one: T, sequence: number) => ({ value: one, sequence, key: `CHG${sequence}/1` });

/** A group as tickets approved it, last by the change of place 7, an hour after the report that had the finding. */
const aGroup = (over: Partial<DesiredGroup> = {}): DesiredGroup => ({
  version: 1,
  lane: 'BETA:1',
  tenant: 'acme',
  microtenantId: '0',
  groupId: '7201',
  members: {},
  last: { key: 'CHG7/1', source: 'desk', ticket: 'CHG7', at: TEST_START + HOUR, sequence: 7 },
  ...over,
});

/** A group that the rejected change of place 7 did not find, or an application segment of it. */
const sought = (unfound: Record<string, number>, over: Partial<DesiredGroup> = {}): DesiredGroup =>
  aGroup({
    unfound,
    last: { ...aGroup().last, sequence: 3, at: TEST_START - HOUR },
    approvals: {
      6: { key: 'CHG6/1', source: 'desk', ticket: 'CHG6', at: TEST_START - HOUR },
      7: { key: 'CHG7/1', source: 'desk', ticket: 'CHG7', at: TEST_START + HOUR },
    },
    ...over,
  });

/** The change that closed the finding, as the next report says. */
function closedBy(finding: Finding, ...desired: DesiredGroup[]): string | undefined {
  const first = carryOver(aSurvey({ findings: [finding] }), { earlier: undefined, ignores: [], now: TEST_START });
  const now = TEST_START + 24 * HOUR;
  const survey = aSurvey({ startedAt: new Date(now).toISOString() });
  const { closed } = carryOver(survey, { earlier: first, ignores: [], now, desired });
  expect(closed).toHaveLength(1);
  return closed[0]?.by?.key;
}

const description = aFinding();
const application = aFinding({ facet: 'app:42', kind: 'added' });
const removed = aFinding({ facet: 'app:42', kind: 'removed', to: 'gone' });
const missing = aFinding({ facet: 'exists', kind: 'missing' });

it('a closed finding names its change, though reports in between could not read its group', () => {
  const waiting = aSurvey({ findings: [description] });
  const onDay = (days: number) => TEST_START + days * 24 * HOUR;
  let report = carryOver(waiting, { earlier: undefined, ignores: [], now: TEST_START });
  for (const [day, notChecked] of [
    [1, [aNotChecked({ groupId: '7201' })]],
    [2, []],
  ] as const) {
    const startedAt = new Date(onDay(day)).toISOString();
    const survey = aSurvey({ startedAt, notChecked: [...notChecked], complete: notChecked.length === 0 });
    const desired = [aGroup({ description: value('x', 7) })];
    report = carryOver(survey, { earlier: report, ignores: [], now: onDay(day), desired });
  }
  expect(report.closed).toMatchObject([{ id: description.id, by: { key: 'CHG7/1' } }]);
});

describe('a closed finding names the change that', () => {
  it.each<[string, Finding, DesiredGroup]>([
    ['approved its field anew', description, aGroup({ description: value('x', 7) })],
    ['deleted its group', description, aGroup({ deleted: { sequence: 7, key: 'CHG7/1' } })],
    ['approved its application segment', application, aGroup({ members: { '42': [1, 7] } })],
    ['approved the complete membership', application, aGroup({ complete: 7 })],
    [
      'approved its application segment into another group',
      application,
      aGroup({ groupId: '9', members: { '42': [1, 7] } }),
    ],
    ['approved that the group is gone', missing, aGroup({ deleted: { sequence: 7, key: 'CHG7/1' } })],
    ['was to delete the group and did not find it', missing, sought({ exists: 7 })],
    ['was to delete its group and did not find it', description, sought({ exists: 7 })],
    ['was to remove its application segment and did not find it', removed, sought({ '42': 7 })],
    ['was to delete the group of its application segment and did not find it', removed, sought({ exists: 7 })],
    ['made the group anew', missing, aGroup({ groupId: '9', name: value('Web', 7) })],
    ['adopted it', aFinding({ facet: 'exists', kind: 'unmanaged' }), aGroup()],
  ])('%s', (_, finding, group) => {
    expect(closedBy(finding, group)).toBe('CHG7/1');
  });

  it.each<[string, Finding, DesiredGroup | undefined]>([
    ['of its group, but of another field', description, aGroup({ name: value('Web', 7) })],
    [
      'of its field, but before the report that had it',
      description,
      aGroup({ description: value('x', 7), last: { ...aGroup().last, at: TEST_START - 1 } }),
    ],
    ['of its field, but is forgotten', description, aGroup({ description: value('x', 6) })],
    ['of another group', description, aGroup({ groupId: '9', description: value('x', 7) })],
    ['of another application segment', application, aGroup({ members: { '43': [1, 7] } })],
    ['of a group of another name', missing, aGroup({ groupId: '9', name: value('Mail', 7) })],
    [
      'of its name in another microtenant',
      missing,
      aGroup({ groupId: '9', microtenantId: '5', name: value('Web', 7) }),
    ],
    ['that sought another application segment', removed, sought({ '43': 7 })],
    ['that sought its application segment in another group', removed, sought({ '42': 7 }, { groupId: '9' })],
    ['that sought its application segment before the report', removed, sought({ '42': 6 })],
    ['that nobody approved', description, undefined],
  ])('closed it, and none %s', (_, finding, group) => {
    expect(closedBy(finding, ...(group === undefined ? [] : [group]))).toBeUndefined();
  });

  it('approved its field, though another one of its group came later', () => {
    const approver = { key: 'CHG6/1', source: 'desk', ticket: 'CHG6', at: TEST_START + HOUR };
    const group = aGroup({ description: value('x', 6), approvals: { 6: approver } });
    expect(closedBy(description, group)).toBe('CHG6/1');
    const before = { ...group, approvals: { 6: { ...approver, at: TEST_START - 1 } } };
    expect(closedBy(description, before)).toBeUndefined();
  });

  it('was the latest of several', () => {
    const later = { ...aGroup().last, key: 'CHG8/1', sequence: 8 };
    const groups = [
      aGroup({ members: { '42': [0, 7] } }),
      aGroup({ groupId: '9', members: { '42': [1, 8] }, last: later }),
    ];
    expect(closedBy(application, ...groups)).toBe('CHG8/1');
  });
});
