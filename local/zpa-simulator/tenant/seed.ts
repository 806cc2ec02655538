import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DEFAULT_MICROTENANT } from './documents.ts';

/**
 * The file of `--seed`: JSON, described in docs/simulator.md. Ids are strings (they exceed 2^53) and may be left out.
 */
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
  /** Ids of its applications; an application's own `segmentGroupId` states the same from the other side. */
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

export const tenantSchema = z.strictObject({
  microtenants: z.array(microtenant).default([]),
  applications: z.array(application).default([]),
  groups: z.array(group).default([]),
  rules: z.array(rule).default([]),
  unlicensedPolicyTypes: z.array(z.string()).default([]),
});

const credentialShape = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  /** PEM; verifies `client_assertion` (RS256). */
  publicKey: z.string().optional(),
  /** Customers it may call; all when left out. */
  customers: z.array(id).optional(),
  /** The name that ZPA writes as `modifiedBy`; by default one of its own. */
  adminId: id.optional(),
  /** A read credential gets 403 for writes. */
  rights: z.enum(['write', 'read']).default('write'),
});

/** Two clients never write under one name unless both state it: a stranger's write must not look like another's. */
export const credentialSchema = credentialShape.transform(({ adminId, ...rest }) => ({
  ...rest,
  adminId: adminId ?? adminIdOf(rest.clientId),
}));

const adminIdOf = (clientId: string) =>
  `2161962573${(BigInt(`0x${createHash('sha256').update(clientId).digest('hex').slice(0, 10)}`) % 10n ** 8n).toString().padStart(8, '0')}`;

export type Credential = z.output<typeof credentialSchema>;
export type CredentialInput = z.input<typeof credentialSchema>;

export const seedSchema = z.strictObject({
  credentials: z.array(credentialSchema).optional(),
  /** One customer… */
  customerId: id.optional(),
  ...tenantSchema.partial().shape,
  /** …or several. */
  customers: z.record(id, tenantSchema).optional(),
});
export type SeedInput = z.input<typeof seedSchema>;

export const DEFAULT_CUSTOMER = '216196257331281920';
export const DEFAULT_CREDENTIAL: Credential = credentialSchema.parse({
  clientId: 'simulator',
  clientSecret: 'simulator',
  adminId: '216196257331372705',
});
export type TenantSeed = z.output<typeof tenantSchema>;
