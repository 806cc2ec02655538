import { z } from 'zod';
import { configuredName } from '../domain/change/change.ts';

/** Where `npm start` says how to reach the world it runs, below the working folder; the CLI looks there by itself. */
export const LOCAL_TARGET_FILE = '.zpa-changes/local.json';

/** Beside it: where a world is that was started while another one had that place. */
export const TARGET_BESIDE = /^local-\d+\.json$/;

/** What the CLI works on: a world on this machine, or a deployed stack. Holds no secret, only names of secrets. */
export const targetSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.enum(['local', 'aws']),
  /** Base of the webhooks: `{ingestUrl}/webhooks/{source}`. */
  ingestUrl: z.url(),
  /** The webhook source that the CLI is; its signing secret is read by name when something is submitted. */
  source: configuredName.default('ops'),
  /** The configuration the functions run with; relative to the file this stands in. */
  configurationFile: z.string().min(1),
  /** Of the functions, all together; for AWS without the endpoint. */
  env: z.strictObject({
    TABLE_NAME: z.string().min(1),
    CHANGES_QUEUE_URL: z.url(),
    FAILURES_QUEUE_URL: z.url(),
    OUTCOMES_TOPIC_ARN: z.string().min(1),
    REPORTS_BUCKET: z.string().min(1).optional(),
    AWS_ENDPOINT_URL: z.url().optional(),
    AWS_REGION: z.string().min(1).optional(),
    TIME_FACTOR: z.string().optional(),
  }),
});

export type Target = z.output<typeof targetSchema>;
