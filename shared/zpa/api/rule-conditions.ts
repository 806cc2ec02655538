import type { JoinOperator, RuleCondition } from '../../domain/group/policy-rule.ts';

/**
 * The conditions of a rule as v1 shows them: `{operator, negated, operands: [{objectType: 'APP_GROUP', lhs: 'id', rhs}]}`
 * (recorded 2025-11-26), v2's operands with `values` or `entryValues` too (public Terraform provider). Whatever else
 * stands there is looked through at every depth: a criterion in an unexpected place still counts as one, and its
 * condition as not plain.
 */
export function toConditions(conditions: unknown): RuleCondition[] {
  if (conditions === undefined || conditions === null) return [];
  return (Array.isArray(conditions) ? conditions : [conditions]).map(toCondition);
}

/** `AND` and `OR`, however they are written. */
export function toJoined(operator: unknown): JoinOperator {
  const text = typeof operator === 'string' ? operator.toUpperCase() : '';
  return text === 'AND' || text === 'OR' ? text : 'unknown';
}

function toCondition(raw: unknown): RuleCondition {
  const all = newFindings();
  gather(raw, all);
  const expected = newFindings();
  if (isRecord(raw) && Array.isArray(raw.operands))
    for (const operand of raw.operands) gatherOperand(operand, expected);
  const complete = count(all) === count(expected) && !all.strange && !expected.strange;
  return {
    operator: toJoined(isRecord(raw) ? raw.operator : undefined),
    negated: isRecord(raw) && isYes(raw.negated),
    groupIds: [...all.groups],
    applicationIds: [...all.applications],
    others: all.others > 0,
    plain: complete && isRecord(raw),
  };
}

/** `strange`: an operand about applications that names none, or that is negated by itself. */
type Findings = { groups: Set<string>; applications: Set<string>; others: number; strange: boolean };

const newFindings = (): Findings => ({ groups: new Set(), applications: new Set(), others: 0, strange: false });
const count = ({ groups, applications, others }: Findings) => groups.size + applications.size + others;

function gather(value: unknown, findings: Findings): void {
  if (Array.isArray(value)) for (const one of value) gather(one, findings);
  if (!isRecord(value)) return;
  gatherOperand(value, findings);
  for (const one of Object.values(value)) if (typeof one === 'object') gather(one, findings);
}

/** One operand, without what may be nested in it. */
function gatherOperand(operand: unknown, findings: Findings): void {
  if (!isRecord(operand) || typeof operand.objectType !== 'string') return;
  const type = operand.objectType;
  if (type !== 'APP_GROUP' && type !== 'APP') {
    findings.others += 1;
    return;
  }
  const found = idsIn(operand);
  if (found.length === 0 || isYes(operand.negated)) findings.strange = true;
  for (const id of found) (type === 'APP_GROUP' ? findings.groups : findings.applications).add(id);
}

/** Ids that an operand carries about itself. */
const OWN = new Set(['id', 'conditionId', 'ruleGid', 'policySetId', 'microtenantId', 'idpId']);
const STAMPS = new Set(['creationTime', 'modifiedTime', 'modifiedBy']);

/** Every id the operand holds but its own, under whatever key. Looking everywhere errs on the side of the rule. */
function idsIn(value: unknown, key = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => idsIn(one, key));
  if (isRecord(value)) return Object.entries(value).flatMap(([name, one]) => idsIn(one, name));
  if (OWN.has(key) || STAMPS.has(key)) return [];
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[1-9]\d*$/.test(text) ? [text] : [];
}

const isYes = (value: unknown) => value === true || value === 'true' || value === '1' || value === 1;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
