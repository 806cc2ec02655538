import * as z from 'zod';
import { configuredName } from '../domain/change/change.ts';

/**
 * `npm start` writes the target of the local world to this file below the working folder; the CLI reads it by default.
 */
export const LOCAL_TARGET_FILE = '.zpa-changes/local.json';

/** Target files, in the same folder, of local worlds that were started while another one owned `LOCAL_TARGET_FILE`. */
export const OTHER_LOCAL_TARGET = /^local-\d+\.json$/;

/** The source of changes that people submit by the command line, unless a target names another one. */
export const OWN_SOURCE = 'ops';

/** The target of the CLI: the local world or a deployed stack. It contains names of secrets and never a secret. */
export const targetSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.enum(['local', 'aws']),
  /** Base address of the webhooks: `{ingestUrl}/webhooks/{source}`. */
  ingestUrl: z.url(),
  /** The webhook source as which the CLI delivers; its signing secret is read by name when a change is submitted. */
  source: configuredName.default(OWN_SOURCE),
  /** The stack's name, which begins the names of its secrets. */
  name: z.string().min(1),
  /** The schedule of the drift reports, as EventBridge Scheduler writes it, in UTC. */
  driftSchedule: z.string().min(1).optional(),
  /** Environment variables of all functions together; a target in AWS has no endpoint, unless that is an emulator's. */
  env: z.strictObject({
    TABLE_NAME: z.string().min(1),
    SETTINGS_TABLE: z.string().min(1),
    CHANGES_QUEUE_URL: z.url(),
    FAILURES_QUEUE_URL: z.url(),
    OUTCOMES_TOPIC_ARN: z.string().min(1),
    REPORTS_BUCKET: z.string().min(1).optional(),
    AUDIT_BUCKET: z.string().min(1).optional(),
    AWS_ENDPOINT_URL: z.url().optional(),
    AWS_REGION: z.string().min(1).optional(),
    SIMULATED_ZPA: z.literal('true').optional(),
    TIME_FACTOR: z.string().optional(),
  }),
});

export type Target = z.output<typeof targetSchema>;
