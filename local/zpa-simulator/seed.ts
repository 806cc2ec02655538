import { z } from 'zod';
import { DEFAULT_MICROTENANT, type Documents, type Kind } from './documents.ts';
import { operandsIn } from './policies.ts';
import { POLICY_TYPES } from './policy-types.ts';
import type { WorldSnapshot } from './store.ts';

/** The file of `--seed`: JSON, described in docs/simulator.md. Ids are strings (they exceed 2^53) and may be left out. */
const id = z.string().regex(/^\d{1,20}$/, { error: 'must be a string of digits' });
const stamp = {
  id: id.optional(),
  /** Epoch seconds as a string, as ZPA has them; `creationTime: null` leaves the key out, as old objects do. */
  creationTime: z.string().nullable().optional(),
  modifiedTime: z.string().nullable().optional(),
  modifiedBy: id.optional(),
};
const named = { ...stamp, name: z.string().min(1), description: z.string().optional() };
const microtenantId = id.default(DEFAULT_MICROTENANT);

const group = z.looseObject({
  ...named,
  enabled: z.boolean().default(true),
  configSpace: z.string().default('DEFAULT'),
  microtenantId,
  readOnly: z.boolean().default(false),
  zscalerManaged: z.boolean().default(false),
  deception: z.boolean().default(false),
  /** Ids of its applications; an application's own `segmentGroupId` says the same from the other side. */
  applications: z.array(z.union([id, z.looseObject({ id })])).default([]),
});
const application = z.looseObject({
  ...named,
  enabled: z.boolean().default(true),
  microtenantId,
  segmentGroupId: id.optional(),
});
const rule = z.looseObject({
  ...named,
  policyType: z.string().default('ACCESS_POLICY'),
  action: z.string().default('ALLOW'),
  microtenantId,
  /** As v1 or v2 writes them, for example `{"operands":[{"objectType":"APP_GROUP","values":["45096653"]}]}`. */
  conditions: z.array(z.looseObject({ operands: z.array(z.looseObject({ objectType: z.string() })) })).default([]),
});
const microtenant = z.looseObject({ ...named, enabled: z.boolean().default(true) });

const tenant = z.object({
  microtenants: z.array(microtenant).default([]),
  applications: z.array(application).default([]),
  groups: z.array(group).default([]),
  rules: z.array(rule).default([]),
  unlicensedPolicyTypes: z.array(z.string()).default([]),
});

export const credentialSchema = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  /** PEM; verifies `client_assertion` (RS256). */
  publicKey: z.string().optional(),
  /** Customers it may call; all when left out. */
  customers: z.array(id).optional(),
  /** What ZPA writes as `modifiedBy`. */
  adminId: id.default('216196257331372705'),
  /** A read credential gets 403 for writes. */
  rights: z.enum(['write', 'read']).default('write'),
});
export type Credential = z.output<typeof credentialSchema>;
export type CredentialInput = z.input<typeof credentialSchema>;

export const seedSchema = z.object({
  credentials: z.array(credentialSchema).optional(),
  /** One customer… */
  customerId: id.optional(),
  ...tenant.partial().shape,
  /** …or several. */
  customers: z.record(id, tenant).optional(),
});
export type SeedInput = z.input<typeof seedSchema>;

export const DEFAULT_CUSTOMER = '216196257331281920';
export const DEFAULT_CREDENTIAL: Credential = credentialSchema.parse({
  clientId: 'simulator',
  clientSecret: 'simulator',
});

/** First id given out, above every id of the default seed. */
const FIRST_ID = 216196257331372706n;
const FIRST_CONDITION_ID = 41632503n;
const SEEDED_AT = '1748736000';
const SEEDED_BY = '216196257331282070';

export function readSeed(input: unknown): { world: WorldSnapshot; credentials: Credential[] } {
  const seed = seedSchema.parse(input);
  const single = tenant.parse(seed);
  const customers = { ...seed.customers };
  if (seed.customers === undefined || seed.customerId !== undefined) {
    customers[seed.customerId ?? DEFAULT_CUSTOMER] = single;
  }
  const counters = { next: firstFreeId(customers), condition: FIRST_CONDITION_ID };
  const built = Object.entries(customers).map(([customerId, one]) => [customerId, plant(customerId, one, counters)]);
  return {
    world: {
      counters: { nextId: String(counters.next), nextConditionId: String(counters.condition) },
      customers: Object.fromEntries(built),
    },
    credentials: seed.credentials ?? [DEFAULT_CREDENTIAL],
  };
}

type TenantSeed = z.output<typeof tenant>;
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
  if (unknown.length > 0)
    throw new Error(`the seed's groups name applications it does not have: ${unknown.join(', ')}`);
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
      const { action, description, fields = {} } = defaultRule;
      const fixed = {
        policySetId,
        name: 'Default_Rule',
        description,
        action,
        defaultRule: true,
        conditions: [],
        fields,
      };
      rules.push({ ...stamped({ id: defaultRuleId }), ...fixed, microtenantId: DEFAULT_MICROTENANT });
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
