import type { RuleMention, RuleScan } from './group.ts';

/** How parts are joined; `unknown` is anything but AND and OR, also nothing at all. */
export type JoinOperator = 'AND' | 'OR' | 'unknown';

/** What one condition of a policy rule says about applications. Its other operands are only known to be there. */
export type RuleCondition = {
  operator: JoinOperator;
  negated: boolean;
  /** Segment groups it names (operands APP_GROUP). */
  groupIds: string[];
  /** Application segments it names (operands APP). */
  applicationIds: string[];
  /** It also holds operands about something else: users, devices, clients. */
  others: boolean;
  /** false: part of it has a form nobody has described, so that what is said here may not be all. */
  plain: boolean;
};

/** A policy rule, as far as it concerns applications. */
export type PolicyRule = RuleMention & {
  disabled: boolean;
  /** How its conditions are joined. */
  operator: JoinOperator;
  conditions: RuleCondition[];
};

/** All rules of a microtenant; `skipped` holds policy types known as unlicensed. */
export type RuleList = {
  rules: PolicyRule[];
  scanned: string[];
  skipped: { policyType: string; reason: string }[];
};

/** Rules read at `asOf` (epoch ms; of several readings the oldest). */
export type DatedRules = RuleList & { asOf: number };

/** What a change's reach is computed from. */
export type RuleReading = ({ status: 'read' } & DatedRules) | { status: 'unread'; reason: string };

/** Whether any condition of the rule names this segment group. */
function namesGroup(rule: PolicyRule, groupId: string): boolean {
  return rule.conditions.some((condition) => condition.groupIds.includes(groupId));
}

/** The rules that name a segment group. */
export function scanFor(groupId: string, { rules, scanned, skipped }: RuleList): RuleScan {
  return { mentions: rules.filter((rule) => namesGroup(rule, groupId)).map(toMention), scanned, skipped };
}

function toMention({ policyType, ruleId, ruleName, ruleOrder, microtenantId, action }: PolicyRule): RuleMention {
  return { policyType, ruleId, ruleName, ruleOrder, microtenantId, action };
}
