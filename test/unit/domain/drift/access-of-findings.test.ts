import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accessOf,
  type DriftedLane,
  transitionsOfFindings,
} from '../../../../shared/domain/drift/access-of-findings.ts';
import type { Access, Finding } from '../../../../shared/domain/drift/report.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import type { PolicyRule } from '../../../../shared/domain/group/policy-rule.ts';
import { computeReach } from '../../../../shared/domain/reach/reach.ts';
import type { DesiredGroup } from '../../../../shared/domain/records/desired-group.ts';
import { aRule, rulesRead } from '../../../fakes/rules.ts';
import { aGroup as sampleGroup } from '../sample-live.ts';
import { aFinding } from './a-finding.ts';

const APPLICATIONS = ['11', '12', '13'];
const GROUPS = ['1', '2', '3'];

const aGroup = (id: string, applicationIds: string[], of: Partial<SegmentGroup> = {}): SegmentGroup =>
  sampleGroup(id, { enabled: true, applicationIds, ...of });

const aDesired = (groupId: string, members: DesiredGroup['members'], of: Partial<DesiredGroup> = {}): DesiredGroup => ({
  ...{ version: 1, lane: 'BETA:1', tenant: 'acme', microtenantId: '0', groupId, members },
  ...{ last: { key: 'k', source: 's', ticket: 't', at: 0, sequence: 1 }, ...of },
});

const access = (finding: Finding, lane: DriftedLane, rules: PolicyRule[]): Access =>
  accessOf(transitionsOfFindings(lane)(finding), rulesRead(rules));

/** A rule that allows group 1. */
const ALLOWS = aRule({ groupIds: ['1'] });
const ALLOWS_TWO = aRule({ groupIds: ['2'] }, { ruleId: '502', ruleName: 'Others' });
const NONE = { exposes: false, interrupts: false, rules: [], ruleCount: 0 };
const gains = (count: number) => [
  { policyType: 'ACCESS_POLICY', id: ALLOWS.ruleId, name: ALLOWS.ruleName, gains: count, loses: 0 },
];
const loses = (count: number) => [
  { policyType: 'ACCESS_POLICY', id: ALLOWS.ruleId, name: ALLOWS.ruleName, gains: 0, loses: count },
];

describe('the access that a finding alters', () => {
  const lane = { live: [aGroup('1', ['11']), aGroup('2', ['12'])], desired: [] };

  it('is opened by an application that joined a group which a rule allows', () => {
    const added = aFinding({ kind: 'added', facet: 'app:11', groupId: '1' });
    expect(access(added, lane, [ALLOWS])).toEqual({
      read: 'read',
      ...NONE,
      exposes: true,
      rules: gains(1),
      ruleCount: 1,
    });
  });

  it('is opened by the one and interrupted by the other rule when an application moved', () => {
    const added = aFinding({ kind: 'added', facet: 'app:11', groupId: '1', from: { id: '2', name: '' } });
    expect(access(added, lane, [ALLOWS, ALLOWS_TWO])).toMatchObject({ exposes: true, interrupts: true, ruleCount: 2 });
    const removed = aFinding({ kind: 'removed', facet: 'app:12', groupId: '1', to: { id: '2', name: '' } });
    expect(access(removed, lane, [ALLOWS, ALLOWS_TWO])).toMatchObject({
      exposes: true,
      interrupts: true,
      ruleCount: 2,
    });
  });

  it.each(['no-group', 'gone', undefined] as const)('is interrupted by an application that left (to: %s)', (to) => {
    const removed = aFinding({ kind: 'removed', facet: 'app:13', groupId: '1', to });
    expect(access(removed, lane, [ALLOWS])).toEqual({
      read: 'read',
      ...NONE,
      interrupts: true,
      rules: loses(1),
      ruleCount: 1,
    });
  });

  it('is interrupted for every approved member of a missing group, but not for one approved elsewhere since', () => {
    const desired = [aDesired('1', { 11: [1, 3], 12: [1, 2], 13: [0, 4] }), aDesired('2', { 12: [1, 5] })];
    const missing = aFinding({ kind: 'missing', facet: 'exists', groupId: '1' });
    const without = { live: [aGroup('2', ['12'])], desired };
    expect(access(missing, without, [ALLOWS])).toMatchObject({ interrupts: true, exposes: false, rules: loses(1) });
  });

  it('is opened by a group that lives though a ticket deleted it', () => {
    const resurrected = aFinding({ kind: 'resurrected', facet: 'exists', groupId: '1' });
    const two = { live: [aGroup('1', ['11', '12'])], desired: [] };
    expect(access(resurrected, two, [ALLOWS])).toMatchObject({ exposes: true, rules: gains(2) });
  });

  it('may be either where a group is disabled or enabled', () => {
    const changed = aFinding({ kind: 'changed', facet: 'enabled', groupId: '1', before: 'true', after: 'false' });
    const disabled = { live: [aGroup('1', ['11', '12'], { enabled: false })], desired: [] };
    expect(access(changed, disabled, [ALLOWS])).toMatchObject({ interrupts: true, exposes: false, rules: loses(2) });
    expect(access(changed, { live: [aGroup('1', ['11'])], desired: [] }, [ALLOWS])).toMatchObject({ exposes: true });
  });

  it.each([
    ['a text', aFinding({ kind: 'changed', facet: 'description', groupId: '1' })],
    ['a name', aFinding({ kind: 'changed', facet: 'name', groupId: '1' })],
    ['a group that tickets should have made', aFinding({ kind: 'unmanaged', facet: 'exists', groupId: '1' })],
    ['an empty group that is missing', aFinding({ kind: 'missing', facet: 'exists', groupId: '9' })],
    ['an empty group that lives again', aFinding({ kind: 'resurrected', facet: 'exists', groupId: '3' })],
  ])('is none for %s', (_, finding) => {
    const with3 = { ...lane, live: [...lane.live, aGroup('3', [])] };
    expect(access(finding, with3, [ALLOWS])).toEqual({ read: 'not-needed' });
  });

  it('is not known where the rules were not read', () => {
    const added = aFinding({ kind: 'added', facet: 'app:11', groupId: '1' });
    const reading = { status: 'unread', reason: 'no right' } as const;
    expect(accessOf(transitionsOfFindings(lane)(added), reading)).toEqual({ read: 'not-read', reason: 'no right' });
  });

  it('names twenty rules and counts all', () => {
    const rules = Array.from({ length: 25 }, (_, n) => aRule({ groupIds: ['1'] }, { ruleId: `${n}` }));
    const found = access(aFinding({ kind: 'added', facet: 'app:11', groupId: '1' }), lane, rules);
    expect(found).toMatchObject({ read: 'read', ruleCount: 25 });
    expect(found.read === 'read' && found.rules).toHaveLength(20);
  });
});

/** Homes of the applications, by number of their group or none, and whether the groups are enabled. */
const tenants = fc.record({
  homes: fc.array(fc.constantFrom(undefined, ...GROUPS), { minLength: 3, maxLength: 3 }),
  enabled: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
});
type Tenant = { homes: (string | undefined)[]; enabled: boolean[] };

const groupsOf = ({ homes, enabled }: Tenant): SegmentGroup[] =>
  GROUPS.map((id, i) =>
    aGroup(
      id,
      APPLICATIONS.filter((_, at) => homes[at] === id),
      { enabled: enabled[i] ?? true },
    ),
  );

const rules = fc.array(
  fc
    .record({
      groupIds: fc.subarray(GROUPS),
      applicationIds: fc.subarray(APPLICATIONS),
      negated: fc.boolean(),
      action: fc.constantFrom('ALLOW', 'DENY', 'REQUIRE_APPROVAL'),
    })
    .map(({ action, ...about }) => aRule(about, { action })),
  { maxLength: 4 },
);

/** The rules affected by the whole tenant's way from one state to the other. */
const whole = (before: Tenant, after: Tenant, of: PolicyRule[]) =>
  computeReach(
    groupsOf(before).map((group, i) => ({ before: group, after: groupsOf(after)[i] ?? null })),
    rulesRead(of.map((rule, n) => ({ ...rule, ruleId: `${n}` }))),
  );

describe('a tenant with one edit', () => {
  const numbered = (of: PolicyRule[]) => of.map((rule, n) => ({ ...rule, ruleId: `${n}` }));
  const expectWhole = (found: Access, before: Tenant, after: Tenant, of: PolicyRule[]) => {
    const reach = whole(before, after, of);
    if (reach.status === 'not-checked') throw new Error('the rules were read');
    if (found.read !== 'read') return expect(reach.rules).toEqual([]);
    expect(found.rules.map(({ id, gains, loses }) => [id, gains, loses])).toEqual(
      reach.rules?.map(({ ruleId, gains, loses }) => [ruleId, gains.count, loses.count]),
    );
    expect(found.exposes).toBe(reach.rules?.some(({ exposes }) => exposes !== 'no'));
    expect(found.interrupts).toBe(reach.rules?.some(({ interrupts }) => interrupts !== 'no'));
  };

  it('has the access of the whole difference: an application moves, joins or leaves', () => {
    fc.assert(
      fc.property(tenants, rules, fc.constantFrom(undefined, ...GROUPS), (before, of, now) => {
        const [was] = before.homes;
        fc.pre(was !== now);
        const after = { ...before, homes: before.homes.with(0, now) };
        const lane = { live: groupsOf(after), desired: [] };
        const facet = 'app:11' as const;
        const finding =
          now === undefined
            ? aFinding({ kind: 'removed', facet, groupId: was ?? '', to: 'no-group' })
            : aFinding({
                kind: 'added',
                facet,
                groupId: now,
                from: was === undefined ? undefined : { id: was, name: '' },
              });
        expectWhole(access(finding, lane, numbered(of)), before, after, of);
      }),
    );
  });

  it('has the access of the whole difference: a group is enabled or disabled', () => {
    fc.assert(
      fc.property(tenants, rules, (before, of) => {
        const after = { ...before, enabled: before.enabled.with(0, !before.enabled[0]) };
        const finding = aFinding({ kind: 'changed', facet: 'enabled', groupId: '1' });
        expectWhole(access(finding, { live: groupsOf(after), desired: [] }, numbered(of)), before, after, of);
      }),
    );
  });
});
