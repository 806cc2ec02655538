import { type Condition, DEFAULT_MICROTENANT, type PolicySetDocument, type RuleDocument } from '../tenant/documents.ts';
import { policyTypeNamed } from '../tenant/policy-types.ts';
import type { TenantView } from '../tenant/shelves.ts';
import type { Tenant } from '../tenant/store.ts';
import { type Answer, created, done, forbidden, invalidArgument, invalidParameter, notFound, ok } from './answers.ts';
import { type Call, idText, isRecord, objectBody, type Reader, scopeOf, sees, text, type Writer } from './call.ts';
import { listAnswer, paged, visible } from './listing.ts';
import { policySetView, ruleCreated, ruleView } from './policy-views.ts';
import { namesObjects } from './referenced-objects.ts';

/** `policySet/policyType/{TYPE}` */
export const getPolicySet: Reader = (call, tenant) => {
  const set = setOfType(call, tenant, call.path[2] ?? '');
  return 'status' in set ? set : ok(policySetView(tenant, set.id));
};

/** `policySet/rules/policyType/{TYPE}`: in order of evaluation. */
export const listRules: Reader = (call, tenant) => {
  const set = setOfType(call, tenant, call.path[3] ?? '');
  if ('status' in set) return set;
  const rules = visible(
    call,
    set.ruleIds.flatMap((id) => tenant.get('rule', id) ?? []),
  );
  const show = (rule: RuleDocument): unknown => ruleView(call, tenant, rule);
  if (!call.query.get('search')) return paged(call, rules, show);
  return listAnswer(call, rules, show, ({ id, name, description, action }) => ({ id, name, description, action }));
};

export const getRule: Reader = (call, tenant) => {
  const rule = findRule(call, tenant);
  return 'status' in rule ? rule : ok(ruleView(call, tenant, rule));
};

export const createRule: Writer = (call, tenant) => {
  const set = findSet(call, tenant);
  if ('status' in set) return set;
  const read = readRule(call, tenant);
  if ('status' in read) return read;
  const rule: RuleDocument = {
    ...read,
    id: tenant.takeId(),
    creationTime: call.now,
    modifiedTime: call.now,
    modifiedBy: call.admin,
    policySetId: set.id,
    defaultRule: false,
    microtenantId: scopeOf(call) ?? DEFAULT_MICROTENANT,
  };
  const withConditions = { ...rule, conditions: readConditions(call, tenant) };
  tenant.put('rule', withConditions);
  const wanted = idText(objectBody(call)?.ruleOrder);
  reorder(call, tenant, set, placed(tenant, set.ruleIds, rule.id, wanted === undefined ? undefined : Number(wanted)));
  return created(ruleCreated(call, tenant, withConditions));
};

/** Replaces the rule; its conditions get new ids each time (recorded). */
export const updateRule: Writer = (call, tenant) => {
  const set = findSet(call, tenant);
  if ('status' in set) return set;
  const rule = findRule(call, tenant);
  if ('status' in rule) return rule;
  const read = readRule(call, tenant);
  if ('status' in read) return read;
  const conditions = readConditions(call, tenant);
  tenant.put('rule', { ...rule, ...read, conditions, modifiedTime: call.now, modifiedBy: call.admin });
  reorder(call, tenant, set, set.ruleIds);
  return done;
};

export const deleteRule: Writer = (call, tenant) => {
  const set = findSet(call, tenant);
  if ('status' in set) return set;
  const rule = findRule(call, tenant);
  if ('status' in rule) return rule;
  if (rule.defaultRule) return invalidArgument('rule');
  tenant.remove('rule', rule.id);
  reorder(
    call,
    tenant,
    set,
    set.ruleIds.filter((id) => id !== rule.id),
  );
  return done;
};

/** `policySet/{id}/rule/{ruleId}/reorder/{order}` */
export const reorderRule: Writer = (call, tenant) => {
  const set = findSet(call, tenant);
  if ('status' in set) return set;
  const rule = findRule(call, tenant);
  if ('status' in rule) return rule;
  const order = Number(call.path[5]);
  if (!Number.isInteger(order) || order < 1) return invalidParameter('ruleOrder');
  const others = set.ruleIds.filter((id) => id !== rule.id);
  reorder(call, tenant, set, placed(tenant, others, rule.id, order));
  return done;
};

/** `policySet/{id}/reorder`: the ids in their new order; what it does not name follows in its old order. */
export const reorderRules: Writer = (call, tenant) => {
  const set = findSet(call, tenant);
  if ('status' in set) return set;
  const ids = Array.isArray(call.body) ? call.body.map(idText) : undefined;
  if (ids === undefined || ids.some((id) => id === undefined || !set.ruleIds.includes(id))) {
    return invalidArgument('rules');
  }
  const named = ids.flatMap((id) => id ?? []);
  const movable = [...named, ...set.ruleIds.filter((id) => !named.includes(id))];
  const isDefault = (id: string): boolean => tenant.get('rule', id)?.defaultRule === true;
  reorder(call, tenant, set, [...movable.filter((id) => !isDefault(id)), ...movable.filter(isDefault)]);
  return done;
};

/** Every write to a rule touches its set (recorded: `modifiedTime`), but not the other rules. */
function reorder(call: Call, tenant: Tenant, set: PolicySetDocument, ruleIds: string[]): void {
  tenant.put('policySet', { ...set, ruleIds, modifiedTime: call.now, modifiedBy: call.admin });
}

/** At place `order` (from 1), by default at the end; never behind the default rule. */
function placed(tenant: TenantView, ids: readonly string[], id: string, order: number | undefined): string[] {
  const fixed = ids.findIndex((one) => tenant.get('rule', one)?.defaultRule === true);
  const last = fixed === -1 ? ids.length : fixed;
  return ids.toSpliced(Math.min(order === undefined ? last : order - 1, last), 0, id);
}

function setOfType(call: Call, tenant: TenantView, name: string): PolicySetDocument | Answer {
  const type = policyTypeNamed(name);
  const set = tenant.all('policySet').find((one) => one.policyType === type);
  if (set !== undefined) return set;
  if (type === undefined) return invalidParameter('policyType');
  const status = call.quirks.get('unlicensed-policy');
  return status === '403' ? forbidden : notFound(name, Number(status));
}

function findSet(call: Call, tenant: TenantView): PolicySetDocument | Answer {
  const id = call.path[1] ?? '';
  return tenant.get('policySet', id) ?? notFound(id);
}

function findRule(call: Call, tenant: TenantView): RuleDocument | Answer {
  const id = call.path[3] ?? '';
  const rule = tenant.get('rule', id);
  const found = rule !== undefined && rule.policySetId === call.path[1] && sees(call, rule.microtenantId);
  return found ? rule : notFound(id);
}

type Read = Pick<RuleDocument, 'name' | 'description' | 'action' | 'fields'> & { conditions: Condition[] };

function readRule(call: Call, tenant: TenantView): Read | Answer {
  const { name, description, action, conditions, id: _id, ruleOrder: _order, ...fields } = objectBody(call) ?? {};
  const named = text(name);
  if (named === undefined || named.trim() === '') return invalidArgument('name');
  for (const field of ['appServerGroups', 'appConnectorGroups']) {
    if (!namesObjects(fields[field])) return invalidArgument(field);
  }
  for (const { objectType, rhs } of operandsIn(conditions)) {
    if (objectType === 'APP_GROUP' && tenant.get('group', rhs) === undefined) return notFound(rhs);
    if (objectType === 'APP' && tenant.get('application', rhs) === undefined) return notFound(rhs);
  }
  return {
    name: named,
    description: text(description) || undefined,
    action: text(action) ?? 'ALLOW',
    conditions: [],
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  };
}

function readConditions(call: Call, tenant: Tenant): Condition[] {
  const conditions = objectBody(call)?.conditions;
  return (Array.isArray(conditions) ? conditions.filter(isRecord) : []).map((one) => ({
    id: tenant.takeConditionId(),
    operator: text(one.operator) ?? 'OR',
    negated: one.negated === true,
    operands: operandsIn([one]).map((operand) => ({ id: tenant.takeConditionId(), ...operand })),
    at: call.now,
    by: call.admin,
  }));
}

type Term = { objectType: string; lhs: string; rhs: string };

/** v1 has lhs and rhs; v2 has `values`, or `entryValues` of lhs and rhs. Answers always show one operand per value. */
export function operandsIn(conditions: unknown): Term[] {
  const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
  return records(conditions).flatMap((condition) =>
    records(condition.operands).flatMap((operand): Term[] => {
      const objectType = text(operand.objectType) ?? '';
      if (Array.isArray(operand.values) && operand.values.length > 0) {
        return operand.values.map((value) => ({ objectType, lhs: 'id', rhs: String(value) }));
      }
      const pairs = Array.isArray(operand.entryValues) ? records(operand.entryValues) : [operand];
      return pairs.map(({ lhs, rhs }) => ({ objectType, lhs: String(lhs ?? 'id'), rhs: String(rhs ?? '') }));
    }),
  );
}
