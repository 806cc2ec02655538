import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { SCHEDULES } from '../../shared/deployment/resources.ts';
import { acrossFields } from '../../shared/domain/change/across-fields.ts';
import { awsRegion, stackName } from '../../shared/domain/configuration/configuration.ts';
import { domainSchema } from './domain-schema.ts';
import { vpcSchema } from './vpc-schema.ts';

/** Workers in addition to one per lane, so that a deferring invocation never blocks a working one. */
const SPARE_WORKERS = 2;
/** Lambda's limit for an SQS event source; `MaximumConcurrency` is 2 to 1,000. */
const MAXIMUM_CONCURRENCY = 1000;

/** The periods that CloudWatch Logs offers, in days; `RetentionDays.INFINITE` is none of them. */
const RETENTIONS = Object.values(RetentionDays).filter((days) => typeof days === 'number' && days < 9999) as number[];

const TAG_KEY = /^(?!aws:)[\w .:/=+@-]{1,128}$/i;
const TAG_VALUE = /^[\w .:/=+@-]{0,256}$/;
/** AWS allows 50 for a resource; CDK and AWS add some of their own. */
const MOST_TAGS = 40;

const schedules = z.strictObject({ drift: z.string(), sweep: z.string(), reconcile: z.string() });

const FIELDS = {
  name: stackName,
  region: awsRegion,
  /** The only account that the stack may be deployed to; by default that of the credentials. */
  account: z.string().regex(/^\d{12}$/),
  /** A mailbox for alarms; AWS asks it to confirm. */
  alarmEmail: z.email(),
  /** The most ZPA customers that are worked for at a time; more of them wait for one another. */
  mostLanes: z
    .int()
    .min(1)
    .max(MAXIMUM_CONCURRENCY - SPARE_WORKERS),
  /** A trial without ZPA: settings may then name the address that a tenant’s credentials are sent to. */
  simulatedZpa: z.boolean(),
  /** EventBridge Scheduler expressions, UTC. */
  schedules: schedules.partial(),
  /** How long logs are kept. */
  logRetentionDays: z.literal(RETENTIONS),
  /** How long the audit trail locks a line. Written ones keep their lock; a shorter time hides those that are older. */
  audit: z.strictObject({ retentionDays: z.int().min(1).max(36_500) }),
  /** Tags of the stack and of every resource that can have them. */
  tags: acrossFields(z.record(z.string().regex(TAG_KEY), z.string().regex(TAG_VALUE)), (tags) =>
    Object.keys(tags).length <= MOST_TAGS ? [] : [{ path: [], message: `must be at most ${MOST_TAGS}` }],
  ),
  vpc: vpcSchema,
  domain: domainSchema,
  /** ARN of the key that encrypts everything, or `create`. */
  key: z.string().regex(/^(create|arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+)$/),
  /** ARN of the policy that bounds every role, where an account lets nobody make a role without one. */
  permissionsBoundary: z.string().regex(/^arn:[\w-]+:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/),
};

/**
 * The infrastructure: `zpa-changes.config.ts` at the top of the repository. Tenants and sources are settings, which
 * are data.
 */
export const stackSchema = z.strictObject({
  name: FIELDS.name,
  region: FIELDS.region.default('eu-central-1'),
  mostLanes: FIELDS.mostLanes.default(20),
  simulatedZpa: FIELDS.simulatedZpa.default(false),
  schedules: schedules
    .extend({
      drift: z.string().default(SCHEDULES.drift),
      sweep: z.string().default(SCHEDULES.sweep),
      reconcile: z.string().default(SCHEDULES.reconcile),
    })
    .prefault({}),
  /** As long as a status link is valid, so that they can explain what a link still shows. */
  logRetentionDays: FIELDS.logRetentionDays.default(RetentionDays.ONE_MONTH),
  /** Three years, as long as most certificates of an audited company are valid, and a margin. */
  audit: FIELDS.audit.prefault({ retentionDays: 1100 }),
  account: FIELDS.account.optional(),
  alarmEmail: FIELDS.alarmEmail.optional(),
  tags: FIELDS.tags.optional(),
  permissionsBoundary: FIELDS.permissionsBoundary.optional(),
  vpc: FIELDS.vpc.optional(),
  key: FIELDS.key.optional(),
  domain: FIELDS.domain.optional(),
});

/** The construct takes these fields; the rest is the stack's. */
export const constructSchema = stackSchema.pick({
  name: true,
  alarmEmail: true,
  mostLanes: true,
  simulatedZpa: true,
  schedules: true,
  logRetentionDays: true,
  domain: true,
  audit: true,
});

/** A stage has the fields of a stack, each of them over what all stages have in common. */
const stageSchema = z.strictObject(FIELDS).partial();

const STAGE_NAME = /^[a-z][a-z0-9-]{0,15}$/;

/** The file: one stack, or what the stacks of its stages have in common. */
export const fileSchema = stackSchema.extend({
  stages: acrossFields(z.record(z.string().regex(STAGE_NAME), stageSchema), (stages, _isSound, hasLostEntry) => {
    if (Object.keys(stages).length > 0 || hasLostEntry([])) return [];
    return [{ path: [], message: 'must have at least one stage; or leave it out' }];
  }).optional(),
});

export type StackConfiguration = z.output<typeof stackSchema>;

/** The form in which `zpa-changes.config.ts` gives it: what has a default may be left out. */
export type StackConfigurationInput = z.input<typeof fileSchema>;

/** Number of concurrent batches of the worker: one per lane, because a lane has one lease, and the spare ones. */
export function workerConcurrency(mostLanes: number): number {
  return mostLanes + SPARE_WORKERS;
}
