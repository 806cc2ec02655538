import { z } from 'zod';
import { SCHEDULES } from '../../shared/deployment/resources.ts';
import { awsRegion, stackName } from '../../shared/domain/configuration/configuration.ts';

/** Workers in addition to one per lane, so that a deferring invocation never blocks a working one. */
const SPARE_WORKERS = 2;
/** Lambda's limit for an SQS event source; `MaximumConcurrency` is 2 to 1,000. */
const MAXIMUM_CONCURRENCY = 1000;

/** What is infrastructure: `zpa-changes.config.ts` at the top of the repository. Tenants and sources are settings, which are data. */
export const stackSchema = z.strictObject({
  name: stackName,
  region: awsRegion.default('eu-central-1'),
  /** The only account that the stack may be deployed to; by default that of the credentials. */
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** A mailbox for alarms; AWS asks it to confirm. */
  alarmEmail: z.email().optional(),
  /** The most ZPA customers that are worked for at a time; more of them wait for one another. */
  mostLanes: z
    .int()
    .min(1)
    .max(MAXIMUM_CONCURRENCY - SPARE_WORKERS)
    .default(20),
  /** A trial without ZPA: settings may then name the address that a tenant’s credentials are sent to. */
  simulatedZpa: z.boolean().default(false),
  /** EventBridge Scheduler expressions, UTC. */
  schedules: z
    .strictObject({
      drift: z.string().default(SCHEDULES.drift),
      sweep: z.string().default(SCHEDULES.sweep),
      reconcile: z.string().default(SCHEDULES.reconcile),
    })
    .prefault({}),
});

export type StackConfiguration = z.output<typeof stackSchema>;

/** The form in which `zpa-changes.config.ts` gives it: what has a default may be left out. */
export type StackConfigurationInput = z.input<typeof stackSchema>;

/** Number of concurrent batches of the worker: one per lane, because a lane has one lease, and the spare ones. */
export function workerConcurrency({ mostLanes }: StackConfiguration): number {
  return mostLanes + SPARE_WORKERS;
}
