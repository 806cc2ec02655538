import type { PolicyRule, RuleCondition } from '../group/policy-rule.ts';

/**
 * Whether a rule can match traffic to one application, given the group it is in. ZPA joins a rule's conditions by the
 * rule's operator and a condition's operands by the condition's own (help.zscaler.com, "Configuring Access Policies").
 * Criteria about users and devices are not known here, so there are three levels.
 */
export type Level = 'never' | 'sometimes' | 'always';

/** The group an application is in and whether that group is disabled. `groupId` undefined: it is in no group. */
export type Place = { groupId: string | undefined; groupDisabled: boolean };

const STRENGTH = { never: 0, sometimes: 1, always: 2 } as const satisfies Record<Level, number>;

/** True if `a` matches more traffic than `b`. */
export const exceeds = (a: Level, b: Level) => STRENGTH[a] > STRENGTH[b];

/** Whether a rule matches this application for nobody, for some users, or for everybody. */
export function levelOf(rule: PolicyRule, applicationId: string, place: Place): Level {
  const levels = rule.conditions.map((condition) => conditionLevel(condition, applicationId, place));
  if (levels.length === 0) return 'always';
  return rule.operator === 'OR' ? strongest(levels) : weakest(levels);
}

/**
 * As `levelOf`, on the assumption that a disabled group hides its applications from every rule with criteria about
 * applications. The effect of a disabled group on rules is not documented, so both assumptions are evaluated.
 */
export function levelIfDisabledHides(rule: PolicyRule, applicationId: string, place: Place): Level {
  return place.groupDisabled ? 'never' : levelOf(rule, applicationId, place);
}

/** The number of a rule's criteria about applications that this application meets. */
export function criteriaMet(rule: PolicyRule, applicationId: string, place: Place): number {
  return rule.conditions.reduce((sum, condition) => sum + met(condition, applicationId, place), 0);
}

/** True if the condition has criteria about applications. */
export const asksForApplications = (condition: RuleCondition) =>
  condition.groupIds.length + condition.applicationIds.length > 0;

/**
 * True if a rule has the form that ZPA's console makes: conditions joined by AND, one of them a list of applications
 * and groups joined by OR and not negated. The reach of a rule of any other form is only a `may`.
 */
export function isSimple(rule: PolicyRule): boolean {
  const asking = rule.conditions.filter(asksForApplications);
  const [only] = asking;
  if (only === undefined || asking.length > 1) return false;
  if (rule.conditions.length > 1 && rule.operator !== 'AND') return false;
  const criteria = only.groupIds.length + only.applicationIds.length;
  const joined = only.operator === 'OR' || criteria === 1;
  return joined && !only.negated && !only.others && rule.conditions.every((condition) => condition.plain);
}

function met({ groupIds, applicationIds }: RuleCondition, applicationId: string, { groupId }: Place): number {
  const byGroup = groupId !== undefined && groupIds.includes(groupId) ? 1 : 0;
  return byGroup + (applicationIds.includes(applicationId) ? 1 : 0);
}

function conditionLevel(condition: RuleCondition, applicationId: string, place: Place): Level {
  const { operator, negated, groupIds, applicationIds, others } = condition;
  const criteria = groupIds.length + applicationIds.length;
  if (criteria === 0) return others || !condition.plain ? 'sometimes' : 'always';
  const fitting = met(condition, applicationId, place);
  const enough = operator === 'AND' ? fitting === criteria : fitting > 0;
  const own = enough ? 'always' : 'never';
  const level = !others ? own : operator === 'AND' ? weakest([own, 'sometimes']) : strongest([own, 'sometimes']);
  return negated ? opposite(level) : level;
}

function opposite(level: Level): Level {
  if (level === 'sometimes') return level;
  return level === 'always' ? 'never' : 'always';
}

const strongest = (levels: readonly Level[]) => levels.reduce((best, one) => (exceeds(one, best) ? one : best));
const weakest = (levels: readonly Level[]) => levels.reduce((best, one) => (exceeds(best, one) ? one : best));
