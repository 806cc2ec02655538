import type { RuleMention, RuleScan } from './group.ts';

/** The operator that joins operands or conditions; `unknown` stands for a missing operator and any but AND and OR. */
export type JoinOperator = 'AND' | 'OR' | 'unknown';

/**
 * The part of a policy rule's condition that concerns applications. Of its other operands only their presence is known.
 */
export type RuleCondition = {
  operator: JoinOperator;
  negated: boolean;
  /** Segment groups it names (operands of type APP_GROUP). */
  groupIds: string[];
  /** Application segments it names (operands of type APP). */
  applicationIds: string[];
  /** It also has operands about something else: users, devices, clients. */
  others: boolean;
  /** false: part of it has an undocumented form, so these fields may not describe all of it. */
  plain: boolean;
};

/** The part of a policy rule that concerns applications. */
export type PolicyRule = RuleMention & {
  disabled: boolean;
  /** The operator that joins its conditions. */
  operator: JoinOperator;
  conditions: RuleCondition[];
};

/** All rules of a microtenant; `skipped` holds policy types known as unlicensed. */
export type RuleList = {
  rules: PolicyRule[];
  scanned: string[];
  skipped: SkippedType[];
  /** Microtenants whose rules were not read, because those that were read refuse the deletion already. Absent: none. */
  unreadMicrotenants?: number;
  /** As `unreadMicrotenants`, of the policy types of the last microtenant that was read. */
  unreadTypes?: number;
};

/** `unknown`: ZPA's cloud does not know such a policy type at all, in whatever microtenant. */
export type SkippedType = { policyType: string; reason: string; unknown?: true };

/** The policy types that ZPA's cloud does not know, as these readings of one customer found. */
export const unknownTypes = (lists: readonly Pick<RuleList, 'skipped'>[]): SkippedType[] =>
  lists.flatMap(({ skipped }) => skipped.filter(({ unknown }) => unknown));

/** True if these rules decide already, so that those not yet read need not be read. */
export type IsEnough = (rules: Pick<RuleList, 'rules'>) => boolean;

/** Rules with the time at which they were read: epoch ms, the oldest of several reads. */
export type DatedRules = RuleList & { asOf: number };

/** The policy rules from which a change's reach is computed, or why they were not read. */
export type RuleReading = ({ status: 'read' } & DatedRules) | { status: 'unread'; reason: string };

/** Joins readings; a rule that several microtenants show counts once. */
export function joinRules(readings: readonly DatedRules[]): DatedRules {
  const rules = new Map<string, PolicyRule>();
  for (const one of readings) for (const rule of one.rules) rules.set(`${rule.policyType}/${rule.ruleId}`, rule);
  return {
    rules: [...rules.values()],
    scanned: [...new Set(readings.flatMap((one) => one.scanned))],
    skipped: readings.flatMap((one) => one.skipped),
    ...unreadTypesOf(readings.find(({ unreadTypes }) => unreadTypes !== undefined)),
    asOf: Math.min(...readings.map((one) => one.asOf)),
  };
}

const unreadTypesOf = ({ unreadTypes }: Pick<RuleList, 'unreadTypes'> = {}) =>
  unreadTypes === undefined ? {} : { unreadTypes };

function namesGroup(rule: PolicyRule, groupId: string): boolean {
  return rule.conditions.some((condition) => condition.groupIds.includes(groupId));
}

/** True if a rule names the segment group, so that it cannot be deleted, whatever further rules say. */
export const isInUse = (groupId: string, { rules }: Pick<RuleList, 'rules'>): boolean =>
  rules.some((rule) => namesGroup(rule, groupId));

/** The rules that name a segment group. */
export function scanFor(groupId: string, { rules, ...scan }: RuleList): RuleScan {
  const { scanned, skipped, unreadMicrotenants } = scan;
  const mentions = rules.filter((rule) => namesGroup(rule, groupId)).map(toMention);
  return {
    ...{ mentions, scanned, skipped },
    ...(unreadMicrotenants !== undefined && { unreadMicrotenants }),
    ...unreadTypesOf(scan),
  };
}

function toMention({ policyType, ruleId, ruleName, ruleOrder, microtenantId, action }: PolicyRule): RuleMention {
  return { policyType, ruleId, ruleName, ruleOrder, microtenantId, action };
}
