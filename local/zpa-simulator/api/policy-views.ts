import { type Condition, DEFAULT_MICROTENANT, type Operand, type RuleDocument } from '../tenant/documents.ts';
import { POLICY_TYPES, type PolicyType } from '../tenant/policy-types.ts';
import type { TenantView } from '../tenant/shelves.ts';
import type { Call } from './call.ts';
import { shown } from './escaping.ts';
import {
  connectorGroupView,
  references,
  type ShowReference,
  serverGroupView,
  stubConnectorGroup,
  stubServerGroup,
} from './referenced-objects.ts';

export function policySetView(tenant: TenantView, id: string): unknown {
  const set = tenant.get('policySet', id);
  const type = set && POLICY_TYPES[set.policyType];
  if (set === undefined || type === undefined) return undefined;
  return {
    id,
    modifiedTime: set.modifiedTime,
    creationTime: set.creationTime,
    modifiedBy: set.modifiedBy,
    name: type.setName,
    enabled: true,
    description: type.description,
    policyType: type.number,
    sorted: true,
  };
}

/** A rule as GET and lists show it; keys in recorded order. */
export function ruleView(call: Call, tenant: TenantView, rule: RuleDocument): unknown {
  const { head, tail, type } = ruleParts(call, tenant, rule);
  return {
    ...head,
    ...(type.number === '1' && { extranetEnabled: false }),
    devicePostureFailureNotificationEnabled: false,
    policySetId: rule.policySetId,
    ...(rule.conditions.length > 0 && {
      conditions: rule.conditions.map((one) => ({
        ...conditionHead(one),
        operands: one.operands.map((operand) => operandView(tenant, rule, one, operand)),
        ruleGid: rule.id,
      })),
    }),
    ...tail,
    readOnly: false,
    zscalerManaged: false,
    ...(rule.microtenantId !== DEFAULT_MICROTENANT && { microtenantId: rule.microtenantId }),
    zpnIsolationProfileId: rule.fields.zpnIsolationProfileId,
    ...groupKeys(rule, connectorGroupView, (one) => serverGroupView(one, rule)),
  };
}

/** The answer to POST: v1 and v2 differ in the keys after `disabled`. */
export function ruleCreated(call: Call, tenant: TenantView, rule: RuleDocument): unknown {
  const { head, tail } = ruleParts(call, tenant, rule);
  return {
    ...head,
    ...(call.version === 2 && {
      extranetEnabled: false,
      devicePostureFailureNotificationEnabled: false,
      privilegedCapabilities: rule.fields.privilegedCapabilities ?? {},
      privilegedPortalCapabilities: rule.fields.privilegedPortalCapabilities ?? {},
    }),
    ...(rule.conditions.length > 0 && {
      conditions: rule.conditions.map((one) => ({
        ...conditionHead(one),
        operands: one.operands.map((operand) => operandCreated(tenant, one, operand)),
      })),
    }),
    ...tail,
    ...(call.quirks.get('post-readonly-keys') === 'present' && { readOnly: false, zscalerManaged: false }),
    zpnIsolationProfileId: rule.fields.zpnIsolationProfileId,
    ...groupKeys(rule, stubConnectorGroup, stubServerGroup),
  };
}

const UNKNOWN_TYPE: PolicyType = { number: '', idOffset: 0, setName: '', description: '' };

function ruleParts(call: Call, tenant: TenantView, rule: RuleDocument) {
  const set = tenant.get('policySet', rule.policySetId);
  const type = POLICY_TYPES[set?.policyType ?? ''] ?? UNKNOWN_TYPE;
  const ids = set?.ruleIds ?? [];
  const place = ids.indexOf(rule.id);
  const head = {
    id: rule.id,
    modifiedTime: rule.modifiedTime,
    creationTime: rule.creationTime,
    modifiedBy: rule.modifiedBy,
    name: shown(rule.name, call.quirks),
    description: rule.description === undefined ? undefined : shown(rule.description, call.quirks),
    ruleOrder: String(place + 1),
    // The later, the lower; the last rule has priority 1.
    priority: String(ids.length - place),
    policyType: type.number,
    operator: rule.fields.operator ?? 'AND',
    action: rule.action,
    reauthTimeout: rule.fields.reauthTimeout,
    reauthIdleTimeout: rule.fields.reauthIdleTimeout,
    customMsg: rule.fields.customMsg,
    disabled: rule.fields.disabled ?? '0',
  };
  const tail = {
    ...(type.defaultRule !== undefined && { defaultRuleName: 'Default_Rule' }),
    defaultRule: rule.defaultRule,
  };
  return { head, tail, type };
}

const conditionHead = ({ id, at, by, operator, negated }: Condition) => ({
  id,
  modifiedTime: at,
  creationTime: at,
  modifiedBy: by,
  operator,
  negated,
});

const operandHead = ({ at, by }: Condition, { id, objectType, lhs, rhs }: Operand) => ({
  id,
  modifiedTime: at,
  creationTime: at,
  modifiedBy: by,
  objectType,
  lhs,
  rhs,
});

/** Identity attributes say the name of their identity provider, which this simulator does not hold. */
const fromIdentityProvider = ({ objectType }: Operand): boolean => /^(SCIM|SCIM_GROUP|SAML)$/.test(objectType);
const providerName = ({ lhs }: Operand): string => `identity-provider-${lhs}`;

function operandCreated(tenant: TenantView, condition: Condition, operand: Operand): unknown {
  const name = fromIdentityProvider(operand) ? providerName(operand) : nameOf(tenant, operand);
  return { ...operandHead(condition, operand), name };
}

function operandView(tenant: TenantView, rule: RuleDocument, condition: Condition, operand: Operand): unknown {
  const { modifiedTime: _modifiedTime, ...unmodified } = operandHead(condition, operand);
  // Operands of default rules were never modified: they have no such key (recorded).
  const head = rule.defaultRule ? unmodified : operandHead(condition, operand);
  if (fromIdentityProvider(operand)) {
    return { ...head, idpId: operand.lhs, idpName: providerName(operand), conditionId: condition.id };
  }
  return { ...head, name: nameOf(tenant, operand) ?? operand.rhs, conditionId: condition.id };
}

function nameOf(tenant: TenantView, { objectType, rhs }: Operand): string | undefined {
  if (objectType === 'APP_GROUP') return tenant.get('group', rhs)?.name;
  return objectType === 'APP' ? tenant.get('application', rhs)?.name : undefined;
}

function groupKeys(rule: RuleDocument, connectorGroup: ShowReference, serverGroup: ShowReference) {
  const servers = references(rule, 'appServerGroups').map((one) => serverGroup(one, rule));
  const connectors = references(rule, 'appConnectorGroups').map((one) => connectorGroup(one, rule));
  return {
    ...(servers.length > 0 && { appServerGroups: servers }),
    ...(connectors.length > 0 && { appConnectorGroups: connectors }),
  };
}
