import type { JoinOperator, RuleCondition } from '../../domain/group/policy-rule.ts';

/**
 * Parses the conditions of a rule as v1 answers them: `{operator, negated, operands: [{objectType: 'APP_GROUP',
 * lhs: 'id', rhs}]}` (recorded 2025-11-26), and v2's operands with `values` or `entryValues` (public Terraform
 * provider). Everything else is searched at every depth: a criterion in an unexpected place still counts, and its
 * condition is then not plain.
 */
export function toConditions(conditions: unknown): RuleCondition[] {
  if (conditions === undefined || conditions === null) return [];
  return (Array.isArray(conditions) ? conditions : [conditions]).map(toCondition);
}

/** Parses `AND` and `OR` in any letter case. */
export function toOperator(operator: unknown): JoinOperator {
  const text = typeof operator === 'string' ? operator.toUpperCase() : '';
  return text === 'AND' || text === 'OR' ? text : 'unknown';
}

function toCondition(raw: unknown): RuleCondition {
  const all = noCriteria();
  collectCriteria(raw, all);
  const expected = noCriteria();
  if (isRecord(raw) && Array.isArray(raw.operands))
    for (const operand of raw.operands) collectOperand(operand, expected);
  const complete = count(all) === count(expected) && !all.strange && !expected.strange;
  return {
    operator: toOperator(isRecord(raw) ? raw.operator : undefined),
    negated: isRecord(raw) && isTrue(raw.negated),
    groupIds: [...all.groups],
    applicationIds: [...all.applications],
    others: all.others > 0,
    plain: complete && isRecord(raw),
  };
}

/** `strange`: an operand about applications names none of them, or is itself negated. */
type Criteria = { groups: Set<string>; applications: Set<string>; others: number; strange: boolean };

const noCriteria = (): Criteria => ({ groups: new Set(), applications: new Set(), others: 0, strange: false });
const count = ({ groups, applications, others }: Criteria) => groups.size + applications.size + others;

function collectCriteria(value: unknown, criteria: Criteria): void {
  if (Array.isArray(value)) for (const one of value) collectCriteria(one, criteria);
  if (!isRecord(value)) return;
  collectOperand(value, criteria);
  for (const one of Object.values(value)) if (typeof one === 'object') collectCriteria(one, criteria);
}

/** Collects the criterion of one operand; nested operands are collected by the caller. */
function collectOperand(operand: unknown, criteria: Criteria): void {
  if (!isRecord(operand) || typeof operand.objectType !== 'string') return;
  const type = operand.objectType;
  if (type !== 'APP_GROUP' && type !== 'APP') {
    criteria.others += 1;
    return;
  }
  const found = idsIn(operand);
  if (found.length === 0 || isTrue(operand.negated)) criteria.strange = true;
  for (const id of found) (type === 'APP_GROUP' ? criteria.groups : criteria.applications).add(id);
}

/** Keys whose ids identify the operand itself or its surroundings, and not an application. */
const OWN_IDS = new Set(['id', 'conditionId', 'ruleGid', 'policySetId', 'microtenantId', 'idpId']);
const AUDIT_FIELDS = new Set(['creationTime', 'modifiedTime', 'modifiedBy']);

/** Collects every id in the operand except its own, under any key, so that no reference of a rule is missed. */
function idsIn(value: unknown, key = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => idsIn(one, key));
  if (isRecord(value)) return Object.entries(value).flatMap(([name, one]) => idsIn(one, name));
  if (OWN_IDS.has(key) || AUDIT_FIELDS.has(key)) return [];
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && /^[1-9]\d*$/.test(text) ? [text] : [];
}

const isTrue = (value: unknown) => value === true || value === 'true' || value === '1' || value === 1;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
