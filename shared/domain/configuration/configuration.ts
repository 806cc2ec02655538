import { z } from 'zod';
import { approvalFault, approvalSchema } from '../approval/approval-schema.ts';
import { configuredName } from '../change/change.ts';
import { mappingSchema } from '../mapping/mapping-schema.ts';
import { verificationSettings } from '../source/scheme-schema.ts';
import { freezesSchema } from './freeze.ts';
import { guarding, guardingFault, pattern } from './guard-schema.ts';
import { ticketsSchema } from './tickets-schema.ts';

/**
 * The one configuration: tenants, sources with their grants, schedules. It holds no secret, only names of secrets.
 * CDK, every function and the local world read the same parsed value.
 */
const zpaId = z.string().regex(/^\d{1,20}$/, { error: 'must be a string of digits' });

/** The clouds of zpa-api §1.1, named as the SDKs name them. */
export const CLOUDS = ['PRODUCTION', 'ZPATWO', 'BETA', 'GOV', 'GOVUS', 'PREVIEW', 'QA', 'QA2', 'DEV'] as const;
export type Cloud = (typeof CLOUDS)[number];

const budget = z.strictObject({
  /** Calls per 10 s window ZPA allows this customer and IP (zpa-api §5). */
  reads: z.int().min(5).max(1000).default(20),
  writes: z.int().min(1).max(1000).default(10),
});

const tenant = z.strictObject({
  cloud: z.enum(CLOUDS).default('PRODUCTION'),
  customerId: zpaId,
  /** OneAPI (ZIdentity), or the legacy ZPA API. Which credential form is used follows from the secret. */
  auth: z.enum(['oneapi', 'legacy']).default('oneapi'),
  /** `acme` of acme.zslogin.net; OneAPI needs it. */
  vanity: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/i)
    .optional(),
  /** Names of microtenants → ids; '0' is the Default microtenant. Empty: the tenant has none. */
  microtenants: z.record(configuredName, zpaId).default({}),
  budget: budget.prefault({}),
  ...guarding,
  /** Times in which nothing of this tenant is written. */
  freezes: freezesSchema.default([]),
  /** For the local world and tests only: where the API and its token endpoint are. */
  endpoint: z.url().optional(),
});

const grant = z.strictObject({
  tenants: z.array(configuredName).min(1),
  /** Absent: any microtenant of those tenants. */
  microtenants: z.array(configuredName).optional(),
  actions: z.array(z.enum(['create', 'update', 'delete'])).min(1),
  /** Names of groups it may touch: both ends of a move, both names of a rename. */
  groups: z.array(pattern).min(1),
  /** Names of applications it may add or take out. */
  applications: z.array(pattern).default([]),
  /** Flags it may set. */
  flags: z.array(z.enum(['takeFromOtherGroups', 'leaveUngrouped', 'moveApplicationsTo'])).default([]),
  changesPerHour: z.int().min(1).max(100_000).default(1000),
});

const source = z.strictObject({
  ...verificationSettings,
  /** The ticket system's name, as it stands on every change of this source. */
  system: z.string().min(1).max(64),
  /** Link to a ticket; `{id}` is replaced, percent-encoded. */
  ticketUrl: z.url().optional(),
  /** How its payload becomes changes; absent: it sends our own JSON. */
  mapping: mappingSchema.optional(),
  /** Where its tickets are read back from and answered. */
  tickets: ticketsSchema.optional(),
  /** Which of its tickets are approved, and whose word that is. */
  approval: approvalSchema.optional(),
  grants: z.array(grant).default([]),
  /** It may fetch the names that its grants cover (docs/catalog.md), with a secret of its own. */
  catalog: z.boolean().optional(),
});

export const configurationSchema = z
  .strictObject({
    /** Prefix of every resource; two configurations of one account differ here. */
    name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
      .default('eu-central-1'),
    tenants: z.record(configuredName, tenant),
    sources: z.record(configuredName, source),
    schedules: z
      .strictObject({
        /** EventBridge Scheduler expressions. */
        drift: z.string().default('cron(0 6 * * ? *)'),
        sweep: z.string().default('rate(1 minute)'),
        reconcile: z.string().default('rate(15 minutes)'),
      })
      .prefault({}),
    alarmEmail: z.email().optional(),
  })
  .check((context) => {
    for (const [name, one] of Object.entries(context.value.tenants)) {
      if (one.auth === 'oneapi' && one.vanity === undefined && one.endpoint === undefined) {
        context.issues.push({
          code: 'custom',
          input: one,
          path: ['tenants', name, 'vanity'],
          message: 'is needed for OneAPI: the "acme" of acme.zslogin.net',
        });
      }
      const fault = guardingFault(one);
      if (fault !== undefined) {
        const { path, message } = fault;
        context.issues.push({ code: 'custom', input: one, path: ['tenants', name, ...path], message });
      }
    }
    for (const [name, one] of Object.entries(context.value.sources)) {
      const fault = approvalFault(one);
      if (fault !== undefined) {
        const { path, message } = fault;
        context.issues.push({ code: 'custom', input: one, path: ['sources', name, ...path], message });
      }
      one.grants.forEach((g, index) => {
        const unknown = g.tenants.filter((t) => context.value.tenants[t] === undefined);
        if (unknown.length > 0) {
          context.issues.push({
            code: 'custom',
            input: unknown,
            path: ['sources', name, 'grants', index, 'tenants'],
            message: `names tenants that are not configured: ${unknown.join(', ')}`,
          });
        }
      });
    }
  });

export type Configuration = z.output<typeof configurationSchema>;
export type TenantConfiguration = Configuration['tenants'][string];
export type SourceConfiguration = Configuration['sources'][string];
export type Grant = SourceConfiguration['grants'][number];

/** Names of secrets in Secrets Manager, from the configuration's own names. */
export const secretNames = {
  zpa: (configuration: string, tenant: string, right: 'read' | 'write') => `${configuration}/zpa/${tenant}/${right}`,
  source: (configuration: string, source: string) => `${configuration}/source/${source}`,
  /** What a source's ticket system is called with. */
  tickets: (configuration: string, source: string) => `${configuration}/tickets/${source}`,
  /** With what a source fetches its catalog. */
  catalog: (configuration: string, source: string) => `${configuration}/catalog/${source}`,
  /** Key from which status tokens are derived. */
  status: (configuration: string) => `${configuration}/status`,
};
