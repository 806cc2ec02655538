import * as z from 'zod';
import { approvalSchema, GATE_FIELDS, gateFault, pairFault } from '../approval/approval-schema.ts';
import { acrossFields, entriesOf, type FieldsFault, type IsSound } from '../change/across-fields.ts';
import { configuredName } from '../change/change.ts';
import { mappingSchema } from '../mapping/mapping-schema.ts';
import { verificationSettings } from '../source/scheme-schema.ts';
import { driftSettings, driftTicketFault } from './drift-schema.ts';
import { freezesSchema } from './freeze.ts';
import { guardFaults, guardSettings, namePattern } from './guard-schema.ts';
import { sharedTicketSystems } from './shared-ticket-systems.ts';
import { ticketsSchema } from './tickets-schema.ts';

/** A name of a stack. It begins the name of each of its resources. */
export const stackName = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);

export const awsRegion = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/);

const zpaId = z.string().regex(/^\d{1,20}$/, { error: 'must be a string of digits' });

/** One customer has one spelling, because its lane is named by it. */
export const customerId = zpaId.regex(/^[^0]/, { error: 'must begin with another digit than 0, as ZPA shows it' });

/** The lane stores facts by the name of their tenant, and the AWS SDK refuses an object with a field of this name. */
export const tenantName = configuredName.refine((name) => name !== 'constructor', { error: 'must be another name' });

/** The clouds of zpa-api §1.1, named as the SDKs name them. */
export const CLOUDS = ['PRODUCTION', 'ZPATWO', 'BETA', 'GOV', 'GOVUS', 'PREVIEW', 'QA', 'QA2', 'DEV'] as const;
export type Cloud = (typeof CLOUDS)[number];

const budget = z.strictObject({
  /** Calls that ZPA allows this customer and IP per window of 10 s (zpa-api §5). */
  reads: z.int().min(5).max(1000).default(20),
  writes: z.int().min(1).max(1000).default(10),
});

const tenant = z.strictObject({
  cloud: z.enum(CLOUDS).default('PRODUCTION'),
  customerId,
  /** OneAPI (ZIdentity) or the legacy ZPA API. The secret decides the form of the credentials. */
  auth: z.enum(['oneapi', 'legacy']).default('oneapi'),
  /** The `acme` of acme.zslogin.net; OneAPI needs it. */
  vanity: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/i)
    .optional(),
  /** Names of microtenants → ids; '0' is the Default microtenant. Empty: the tenant has none. */
  microtenants: z.record(configuredName, zpaId).default({}),
  budget: budget.prefault({}),
  /**
   * The way in which memberships are written: `v2` sends the applications that join and leave, `v1` the whole list as
   * just read. `v1` is for a tenant without v2, or whose v2 ignores what joins and leaves.
   */
  membership: z.enum(['v2', 'v1']).default('v2'),
  ...guardSettings,
  /** Periods in which nothing of this tenant is written. */
  freezes: freezesSchema.default([]),
  ...driftSettings,
  /** Address of the API and its token endpoint, for the local world and tests only. */
  endpoint: z.url().optional(),
});

const grant = z.strictObject({
  tenants: z.array(configuredName).min(1),
  /** Absent: any microtenant of those tenants. */
  microtenants: z.array(configuredName).optional(),
  actions: z.array(z.enum(['create', 'update', 'delete', 'accept'])).min(1),
  /** Patterns of group names that the source may write: both groups of a move, both names of a rename. */
  groups: z.array(namePattern).min(1),
  /** Patterns of application names that the source may add or remove. */
  applications: z.array(namePattern).default([]),
  /** Flags that the source may set. */
  flags: z.array(z.enum(['takeFromOtherGroups', 'leaveUngrouped', 'moveApplicationsTo'])).default([]),
  changesPerHour: z.int().min(1).max(100_000).default(1000),
});

const source = z.strictObject({
  ...verificationSettings,
  /** The ticket system's name; ingest writes it on every change of this source. */
  system: z.string().min(1).max(64),
  /** Link to a ticket; `{id}` is replaced, percent-encoded. */
  ticketUrl: z.url().optional(),
  /** The mapping from payload to changes; absent: the source sends this product's own JSON. */
  mapping: mappingSchema.optional(),
  /** The ticket system that tickets are read back from and answered in. */
  tickets: ticketsSchema.optional(),
  /** The rules for which tickets are approved, and by whom. */
  approval: approvalSchema.optional(),
  grants: z.array(grant).default([]),
  /** The source may fetch the names that its grants cover (docs/catalog.md), with a separate secret. */
  catalog: z.boolean().optional(),
});

const settingsFields = {
  tenants: z.record(tenantName, tenant),
  sources: z.record(configuredName, source),
};

/**
 * The settings: tenants, and sources with their grants. They are data, which `zpa-changes settings push` stores and the
 * functions load; no deployment changes with them. They hold names of secrets and no secret.
 */
export const settingsSchema = acrossFields(z.strictObject(settingsFields), settingsFaults);

/**
 * The configuration of the functions: the settings, and the name of the stack that works by them.
 */
export const configurationSchema = acrossFields(
  z.strictObject({
    /** Prefix of every resource; it keeps two stacks in one account apart. */
    name: stackName,
    ...settingsFields,
    /** The version of the settings; absent where they come from no store. */
    settingsVersion: z.int().min(1).optional(),
  }),
  settingsFaults,
);

type SettingsFields = z.output<z.ZodObject<typeof settingsFields>>;
type Tenant = SettingsFields['tenants'][string];

/** The rules of the settings that span several sections. Each judges where the fields that it reads have no fault. */
function settingsFaults(settings: SettingsFields, isSound: IsSound): FieldsFault[] {
  const tenants = entriesOf(settings.tenants).filter(([, one]) => isHolder(one));
  const sources = entriesOf(settings.sources).filter(([, one]) => isHolder(one));
  const known = new Set(Object.keys(settings.tenants ?? {}));
  const comparable = sources.filter(([name]) => {
    const at = ['sources', name];
    const tickets = isSound([...at, 'tickets'], 'kind', 'url', 'projects', 'tables');
    return tickets && isSound(at, 'system') && isSound([...at, 'approval'], 'trustPayload');
  });
  return [
    ...tenants.flatMap(([name, one]) => tenantFaults(one, ['tenants', name], settings.sources, isSound)),
    ...sources.flatMap(([name, one]) => sourceFaults(one, ['sources', name], known, isSound)),
    ...sharedTicketSystems(Object.fromEntries(comparable)),
  ];
}

const isHolder = (value: unknown) => typeof value === 'object' && value !== null;

type Sources = SettingsFields['sources'];

function tenantFaults(one: Tenant, at: string[], sources: Sources, isSound: IsSound): FieldsFault[] {
  const faults = [...(isSound(at, 'auth') ? placed(at, vanityFault(one)) : []), ...guardFaults(one, at, isSound)];
  const ofTicket = [...at, 'drift', 'ticket'];
  if (!isSound(ofTicket, 'source', 'table', 'fields')) return faults;
  const { source = '' } = one.drift.ticket ?? {};
  if (!isSound(['sources', source, 'tickets'], 'kind', 'tables')) return faults;
  return [...faults, ...placed(ofTicket, driftTicketFault(one.drift, sources))];
}

function sourceFaults(one: Sources[string], at: string[], known: ReadonlySet<string>, isSound: IsSound): FieldsFault[] {
  const grants = entriesOf(one.grants).flatMap(([index, grant]) => {
    const ofGrant = [...at, 'grants', index];
    return isSound(ofGrant, 'tenants') ? placed([...at, 'grants', Number(index)], grantFault(grant, known)) : [];
  });
  const faults = [...placed(at, pairFault(one)), ...grants];
  const gate = [...at, 'approval', 'gate'];
  const isJudged = isSound(gate, ...GATE_FIELDS) && isSound([...at, 'tickets'], 'kind');
  if (one.mapping === undefined || one.approval === undefined || !isJudged) return faults;
  return [...faults, ...placed([...at, 'approval'], gateFault(one.approval, one.tickets?.kind))];
}

function placed(at: readonly PropertyKey[], fault: FieldsFault | undefined): FieldsFault[] {
  return fault === undefined ? [] : [{ ...fault, path: [...at, ...fault.path] }];
}

function grantFault({ tenants }: Grant, known: ReadonlySet<string>) {
  const unknown = tenants.filter((name) => !known.has(name));
  if (unknown.length === 0) return undefined;
  return { path: ['tenants'], message: `names tenants that are not configured: ${unknown.join(', ')}` };
}

function vanityFault({ auth, vanity, endpoint }: Tenant) {
  if (auth !== 'oneapi' || vanity !== undefined || endpoint !== undefined) return undefined;
  return { path: ['vanity'], message: 'is needed for OneAPI: the "acme" of acme.zslogin.net' };
}

export type Settings = z.output<typeof settingsSchema>;
export type Configuration = z.output<typeof configurationSchema>;
export type TenantConfiguration = Configuration['tenants'][string];
export type SourceConfiguration = Configuration['sources'][string];
export type Grant = SourceConfiguration['grants'][number];

/** Names of secrets in Secrets Manager, from the configuration's own names. */
export const secretNames = {
  zpa: (configuration: string, tenant: string, right: 'read' | 'write') => `${configuration}/zpa/${tenant}/${right}`,
  source: (configuration: string, source: string) => `${configuration}/source/${source}`,
  /** Credentials for the source's ticket system. */
  tickets: (configuration: string, source: string) => `${configuration}/tickets/${source}`,
  /**
   * Credentials that the source's tickets are read with; those of `tickets` too, if it has no others
   * (`tickets.readSecret`).
   */
  ticketsRead: (configuration: string, source: string) => `${configuration}/tickets-read/${source}`,
  /** Credentials with which the source fetches its catalog. */
  catalog: (configuration: string, source: string) => `${configuration}/catalog/${source}`,
  /** Key from which status tokens and the seals of comments are derived. */
  status: (configuration: string) => `${configuration}/status`,
};
