import type { PolicyRule, RuleCondition, RuleReading } from '../../shared/domain/group/policy-rule.ts';
import type { ReachTransition } from '../../shared/domain/reach/reach.ts';

/** Policy rules and groups as `computeReach` sees them, one meaningful argument each. */

type GroupSeen = NonNullable<ReachTransition['before']>;

export function aCondition(of: Partial<RuleCondition> = {}): RuleCondition {
  return { operator: 'OR', negated: false, groupIds: [], applicationIds: [], others: false, plain: true, ...of };
}

/** About people: part of nearly every rule. */
export const PEOPLE = aCondition({ others: true });

/** Allows people what `about` names; `of` changes the rest. */
export function aRule(about: Partial<RuleCondition> | undefined, of: Partial<PolicyRule> = {}): PolicyRule {
  return {
    policyType: 'ACCESS_POLICY',
    ruleId: '216196257331400501',
    ruleName: 'Engineering',
    ruleOrder: '3',
    microtenantId: '0',
    action: 'ALLOW',
    disabled: false,
    operator: 'AND',
    conditions: about === undefined ? [PEOPLE] : [PEOPLE, aCondition(about)],
    ...of,
  };
}

/** 2026-12-01T10:20:31Z. */
export const READ_AT = Date.UTC(2026, 11, 1, 10, 20, 31);

export const rulesRead = (rules: PolicyRule[]): RuleReading => ({
  status: 'read',
  rules,
  scanned: ['ACCESS_POLICY'],
  skipped: [],
  asOf: READ_AT,
});

export const aSeenGroup = (id: string, applicationIds: string[], of: Partial<GroupSeen> = {}): GroupSeen => ({
  id,
  name: `Group ${id}`,
  enabled: true,
  applicationIds,
  ...of,
});

/** `applications` before and after, in one enabled group. */
export const membership = (id: string, before: string[], after: string[]): ReachTransition => ({
  before: aSeenGroup(id, before),
  after: aSeenGroup(id, after),
});
