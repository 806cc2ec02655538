import { z } from 'zod';
import { isRecord } from '../api/call.ts';
import { operandsIn } from '../api/policies.ts';
import { DEFAULT_MICROTENANT, type Documents, type Kind } from '../tenant/documents.ts';
import { POLICY_TYPES } from '../tenant/policy-types.ts';
import {
  type Credential,
  DEFAULT_CREDENTIAL,
  DEFAULT_CUSTOMER,
  seedSchema,
  type TenantSeed,
  tenantSchema,
} from '../tenant/seed.ts';
import type { WorldSnapshot } from '../tenant/store.ts';

/** First id given out, above every id of the default seed. */
const FIRST_ID = 216196257331372706n;
const FIRST_CONDITION_ID = 41632503n;
const SEEDED_AT = '1748736000';
const SEEDED_BY = '216196257331282070';

/** The seed cannot be planted; the message names path and reason. */
class SeedError extends Error {
  readonly code = 'seed';
}

export function readSeed(input: unknown): { world: WorldSnapshot; credentials: Credential[] } {
  const parsed = seedSchema.safeParse(input);
  if (!parsed.success) throw new SeedError(z.prettifyError(parsed.error));
  const { credentials, customerId, customers: several, ...single } = parsed.data;
  const customers = { ...several };
  const given = isRecord(input) && Object.keys(tenantSchema.shape).some((key) => key in input);
  if (several === undefined || customerId !== undefined || given) {
    customers[customerId ?? DEFAULT_CUSTOMER] = tenantSchema.parse(single);
  }
  const counters = { next: firstFreeId(customers), condition: FIRST_CONDITION_ID };
  const built = Object.entries(customers).map(([customerId, one]) => [customerId, plant(customerId, one, counters)]);
  return {
    world: {
      counters: { nextId: String(counters.next), nextConditionId: String(counters.condition) },
      customers: Object.fromEntries(built),
    },
    credentials: credentials ?? [DEFAULT_CREDENTIAL],
  };
}

type Planted = { [K in Kind]: Documents[K][] };
type Counting = { next: bigint; condition: bigint };
type Stamped = { id?: string | undefined; creationTime?: string | null | undefined } & {
  modifiedTime?: string | null | undefined;
  modifiedBy?: string | undefined;
};

/** New ids are greater than every seeded one that is not of another size altogether. */
function firstFreeId(customers: Record<string, TenantSeed>): bigint {
  const held = Object.values(customers).flatMap((one) =>
    [...one.groups, ...one.applications, ...one.rules, ...one.microtenants].flatMap((each) => each.id ?? []),
  );
  const near = held.map(BigInt).filter((one) => one >= FIRST_ID && one < FIRST_ID + 10_000_000_000n);
  return near.reduce((most, one) => (one >= most ? one + 1n : most), FIRST_ID);
}

function plant(customerId: string, seed: TenantSeed, counters: Counting): Planted {
  const stamped = (one: Stamped) => ({
    id: one.id ?? String(counters.next++),
    creationTime: one.creationTime === null ? undefined : (one.creationTime ?? SEEDED_AT),
    modifiedTime: one.modifiedTime === null ? undefined : (one.modifiedTime ?? SEEDED_AT),
    modifiedBy: one.modifiedBy ?? SEEDED_BY,
  });
  const groups = seed.groups.map(({ applications, ...one }) => {
    const { name, description, enabled, configSpace, microtenantId: scope, readOnly, zscalerManaged, deception } = one;
    const flags = { readOnly, zscalerManaged, deception };
    const group = { ...stamped(one), name, description, enabled, configSpace, microtenantId: scope, ...flags };
    const members = applications.map((each) => (typeof each === 'string' ? each : each.id));
    return { group, members };
  });
  const groupOf = new Map(groups.flatMap(({ group: { id: groupId }, members }) => members.map((m) => [m, groupId])));
  const applications = seed.applications.map((one) => {
    const { name, description, enabled, segmentGroupId, microtenantId: scope, ...fields } = one;
    const stamps = stamped(one);
    const group = segmentGroupId ?? groupOf.get(stamps.id);
    const domainNames = fields.domainNames ?? [`${name.toLowerCase().replaceAll(' ', '-')}.example.com`];
    const rest = withoutStamp({ tcpPortRanges: ['443', '443'], ...fields, domainNames });
    return { ...stamps, name, description, enabled, microtenantId: scope, segmentGroupId: group, fields: rest };
  });
  const unknown = [...groupOf.keys()].filter((one) => !applications.some((app) => app.id === one));
  if (unknown.length > 0) throw new SeedError(`groups name applications the seed does not have: ${unknown.join(', ')}`);
  const strays = applications.filter((one) => !groups.some(({ group }) => group.id === one.segmentGroupId));
  const stray = strays.find((one) => one.segmentGroupId !== undefined);
  if (stray) throw new SeedError(`application ${stray.name} is in group ${stray.segmentGroupId}, which is not there`);
  return {
    group: groups.map(({ group }) => group),
    application: applications,
    microtenant: [defaultMicrotenant, ...seed.microtenants.map((one) => plantMicrotenant(one, stamped(one)))],
    ...plantPolicies(customerId, seed, counters, stamped),
  };
}

const withoutStamp = ({
  id: _id,
  creationTime: _c,
  modifiedTime: _m,
  modifiedBy: _b,
  ...rest
}: Record<string, unknown>) => rest;

const defaultMicrotenant: Documents['microtenant'] = {
  id: DEFAULT_MICROTENANT,
  creationTime: undefined,
  modifiedTime: undefined,
  modifiedBy: undefined,
  name: 'Default',
  description: 'This is the default Microtenant for users not associated to any Microtenant',
  enabled: true,
  fields: {},
};

type Stamps = { id: string } & Pick<Documents['group'], 'creationTime' | 'modifiedTime' | 'modifiedBy'>;
function plantMicrotenant(one: TenantSeed['microtenants'][number], stamps: Stamps): Documents['microtenant'] {
  const { name, description, enabled, ...fields } = one;
  return { ...stamps, name, description, enabled, fields: withoutStamp(fields) };
}

function plantPolicies(
  customerId: string,
  seed: TenantSeed,
  counters: Counting,
  stamped: (one: Stamped) => Stamps,
): Pick<Planted, 'policySet' | 'rule'> {
  const planted: Pick<Planted, 'policySet' | 'rule'> = { policySet: [], rule: [] };
  for (const [policyType, { idOffset, defaultRule }] of Object.entries(POLICY_TYPES)) {
    const policySetId = String(BigInt(customerId) + BigInt(idOffset));
    const defaultRuleId = String(BigInt(policySetId) + 1n);
    if (seed.unlicensedPolicyTypes.includes(policyType)) continue;
    const rules = seed.rules
      .filter((one) => one.policyType === policyType)
      .map((one) => {
        const { name, description, action, microtenantId: scope, conditions, policyType: _type, ...fields } = one;
        const stamps = stamped(one);
        return {
          ...{ ...stamps, policySetId, name, description, action, defaultRule: false, microtenantId: scope },
          conditions: conditions.map((each) => plantCondition(each, counters)),
          fields: withoutStamp(fields),
        };
      });
    if (defaultRule !== undefined) {
      const { action, description, fields = {}, clientTypes, ageless } = defaultRule;
      const operands = [{ objectType: 'CLIENT_TYPE', values: clientTypes }];
      const stamps = stamped({ id: defaultRuleId, ...(ageless && { creationTime: null }) });
      rules.push({
        ...{ ...stamps, policySetId, name: 'Default_Rule', description, action, defaultRule: true },
        microtenantId: DEFAULT_MICROTENANT,
        conditions: clientTypes === undefined ? [] : [plantCondition({ operands }, counters)],
        fields,
      });
    }
    planted.rule.push(...rules);
    planted.policySet.push({ ...stamped({ id: policySetId }), policyType, ruleIds: rules.map((one) => one.id) });
  }
  return planted;
}

function plantCondition(
  condition: TenantSeed['rules'][number]['conditions'][number],
  counters: Counting,
): Documents['rule']['conditions'][number] {
  return {
    id: String(counters.condition++),
    operator: typeof condition.operator === 'string' ? condition.operator : 'OR',
    negated: condition.negated === true,
    operands: operandsIn([condition]).map((operand) => ({ id: String(counters.condition++), ...operand })),
    at: SEEDED_AT,
    by: SEEDED_BY,
  };
}
