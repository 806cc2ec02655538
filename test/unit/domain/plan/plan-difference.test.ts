import { describe, expect, it } from 'vitest';
import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import type { PolicyRule } from '../../../../shared/domain/group/policy-rule.ts';
import { bindPlan, type DecidedChange, type PlanBinding } from '../../../../shared/domain/plan/plan-binding.ts';
import { planDifference, planScopeDifference } from '../../../../shared/domain/plan/plan-difference.ts';
import { aRule, rulesRead } from '../../../fakes/rules.ts';
import { parsed, rawCreate, rawUpdate } from '../sample-changes.ts';
import { aGroup, anApplication, asApplications, aView, found } from '../sample-live.ts';

const GROUP = aGroup('11', { name: 'Web', enabled: true });
const HERE = { lane: 'PRODUCTION:7', microtenantId: '0' };
const ids = (count: number, from = 100) => Array.from({ length: count }, (_, i) => String(from + i));
const named = (list: readonly string[]) => list.map((id) => ({ name: `app-${id}` }));
const adding = (add: object[]) => parsed(rawUpdate({ group: { name: 'Web' }, applications: { add } }));

/** `to`: the ids that the names lead to. */
function decided(change: ChangeRequest, to: readonly string[], names = to, rules: PolicyRule[] = []): DecidedChange {
  const applications = asApplications(...to.map((id, i) => ({ ...anApplication(id), name: `app-${names[i]}` })));
  const live = aView(found(GROUP), { applications, reading: rulesRead(rules) });
  return { change, live, decision: decide(change, live, '0', () => undefined) };
}
const bound = (one: DecidedChange) => bindPlan(one, { kind: 'wanted' }, HERE);

describe('names that lead elsewhere', () => {
  const difference = (count: number) => {
    const change = adding(named(ids(count)));
    return planDifference(bound(decided(change, ids(count))), decided(change, ids(count, 500), ids(count)));
  };

  it('are told, three of them at most; the rest is counted', () => {
    expect(difference(1)?.sentence).toMatch(/: application segment "app-100" was 100 and is 500 now$/);
    expect(difference(3)?.sentence).not.toContain('as well');
    const five = difference(5)?.sentence;
    expect(five).toMatch(/; application segment "app-102" was 102 and is 502 now; 2 more names as well$/);
    expect(five).not.toContain('app-103');
  });

  it('are listed, twenty at most', () => {
    expect(difference(25)?.details.names).toHaveLength(20);
    expect(difference(25)?.details.rules).toEqual([]);
  });
});

describe('rules that open more', () => {
  const rules = (count: number) =>
    ids(count).map((ruleId) => aRule({ groupIds: ['11'] }, { ruleId, ruleName: `Rule ${ruleId}` }));
  const change = adding(named(ids(25)));
  const difference = (count: number) =>
    planDifference(bound(decided(change, ids(25))), decided(change, ids(25), ids(25), rules(count)));

  it('are told by the first of them; the others are counted', () => {
    expect(difference(1)?.sentence).toMatch(/: policy rule "Rule 100" would open access that the plan did not have$/);
    expect(difference(3)?.sentence).toContain('policy rule "Rule 100" and 2 more policy rules would open');
  });

  it('are listed, twenty at most, with twenty applications at most', () => {
    const { names, rules: listed } = difference(22)?.details ?? {};
    expect(names).toEqual([]);
    expect(listed).toHaveLength(20);
    expect(listed?.[0]).toMatchObject({ policyType: 'ACCESS_POLICY', ruleId: '100', applications: ids(20) });
  });
});

describe('a plan for another customer or microtenant', () => {
  const change = adding([{ name: 'app-100' }]);
  const plan = bound(decided(change, ['100']));
  const told = (of: PlanBinding, about = change, scope = HERE) => planScopeDifference(of, about, scope)?.sentence;

  it('is outdated', () => {
    expect(told(plan)).toBeUndefined();
    expect(told(plan, change, { ...HERE, lane: 'BETA:7' })).toBe(
      `This is not what was approved as plan ${plan.hash.slice(0, 12)}: it was planned for ZPA customer PRODUCTION:7, ` +
        'microtenant id 0, and accepted for BETA:7, microtenant id 0',
    );
    expect(told(plan, change, { ...HERE, microtenantId: '5' })).toContain('microtenant id 5');
    expect(planScopeDifference(plan, change, { ...HERE, lane: 'BETA:7' })?.details).toEqual({
      plan: plan.hash.slice(0, 12),
      names: [],
      rules: [],
    });
  });

  const { lane: _lane, ...noLane } = plan;
  const { microtenantId: _microtenant, ...noMicrotenant } = plan;
  const create = parsed(rawCreate({ group: { name: 'Web' } }));
  const update = parsed(rawCreate({ group: { name: 'Web' }, ifExists: 'update' }));
  it.each<[string, PlanBinding, ChangeRequest, boolean]>([
    ['of which a name led to an id', noLane, change, false],
    ['that lacks the microtenant alone', noMicrotenant, change, false],
    ['without any id', { ...noLane, resolved: ['', ''] }, change, true],
    ['without any id, lacking the microtenant alone', { ...noMicrotenant, resolved: [''] }, change, true],
    [
      'without any id but one in the change',
      { ...noLane, resolved: [''] },
      adding([{ name: 'a' }, { id: '9' }]),
      false,
    ],
    ['of a create, whose group was there', { ...noLane, resolved: ['11'] }, create, true],
    ['of a create that was to update it', { ...noLane, resolved: ['11'] }, update, false],
    ['of a create that was to update a group to come', { ...noLane, resolved: ['new'] }, update, true],
  ])('of an earlier version %s', (_, old, about, isOutdated) => {
    const sentence = told(old, about);
    if (isOutdated) expect(sentence).toContain(': an earlier version made the plan');
    else expect(sentence).toBeUndefined();
  });
});
