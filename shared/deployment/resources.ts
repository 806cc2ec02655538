import { CATALOGS_BEGIN } from '../domain/catalog/catalog.ts';
import { REPORTS_BEGIN } from '../domain/drift/drift.ts';
import { TIMING } from '../domain/ledger/timing.ts';

/**
 * The deployment as plain data: the CDK stack and the local world are both made from it, so that what runs on a laptop
 * is what is deployed (a test holds the synthesised template against it).
 */

/** One table. Keys are strings; the two index keys are numbers and sparse. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Local secondary index over open changes: allows consistent queries (a global one does not). */
  openIndex: { name: 'open', key: 'openSequence' },
  /** Local secondary index over rejected changes. */
  failedIndex: { name: 'failed', key: 'failedSequence' },
  /** Epoch seconds; DynamoDB deletes some time after, so readers compare by clock. */
  timeToLive: 'expiresAt',
} as const;

/** How keys of partitions begin that are all that some function may write (`permissions.ts`). */
export const PARTITIONS = { readers: 'readers#', plans: 'plan#' } as const;

/** Both queues are FIFO; deduplication ids are always given. */
export const QUEUES = {
  changes: {
    name: 'changes.fifo',
    visibilityTimeoutSeconds: TIMING.visibilityTimeoutMs / 1000,
    retentionSeconds: TIMING.retentionMs / 1000,
    maxReceiveCount: TIMING.maxReceiveCount,
    deadLetterQueue: 'failures.fifo',
    batchSize: 10,
  },
  failures: {
    name: 'failures.fifo',
    visibilityTimeoutSeconds: 30,
    retentionSeconds: TIMING.retentionMs / 1000,
  },
} as const;

/**
 * Outcomes on their way to tickets, of `notify` alone: standard queues, because the topic is none of order, and a slow
 * ticket system then holds up nobody but its own. The receive count allows the whole retry schedule and a few waits.
 */
export const NOTICES = {
  name: 'notices',
  visibilityTimeoutSeconds: 6 * 300,
  retentionSeconds: TIMING.retentionMs / 1000,
  maxReceiveCount: 12,
  deadLetterQueue: 'notices-failed',
  batchSize: 5,
} as const;

/** Plans that submitted tickets ask for, of `plan` alone; one ticket's are made one after the other. */
export const PLANS = {
  name: 'plans.fifo',
  visibilityTimeoutSeconds: 6 * 600,
  retentionSeconds: 24 * 60 * 60,
  maxReceiveCount: 3,
  deadLetterQueue: 'plans-missed.fifo',
  batchSize: 1,
} as const;

export const TOPIC = { name: 'outcomes' } as const;
export const BUCKET = { name: 'reports', driftPrefix: REPORTS_BEGIN, catalogPrefix: CATALOGS_BEGIN } as const;

/** Deployed functions. `route`: HTTP API route (`ANY`: the function itself answers wrong methods with 405); `schedule`: key in the configuration's schedules. */
export const FUNCTIONS = {
  ingest: { timeoutSeconds: 15, memoryMb: 512, route: 'ANY /webhooks/{source}' },
  status: { timeoutSeconds: 10, memoryMb: 256, route: 'GET /changes/{token}' },
  catalog: { timeoutSeconds: 10, memoryMb: 512, route: 'GET /catalog' },
  apply: { timeoutSeconds: TIMING.functionTimeoutMs / 1000, memoryMb: 512, queue: 'changes' },
  sweep: { timeoutSeconds: 60, memoryMb: 256, schedule: 'sweep' },
  reconcile: { timeoutSeconds: 300, memoryMb: 512, schedule: 'reconcile' },
  drift: { timeoutSeconds: 900, memoryMb: 1024, schedule: 'drift' },
  notify: { timeoutSeconds: 300, memoryMb: 256, queue: 'notices' },
  plan: { timeoutSeconds: 600, memoryMb: 512, queue: 'plans' },
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

/** Environment of every function; CDK gives each one only the names it lists in `ENVIRONMENT`. */
export type EnvironmentName =
  | 'CONFIGURATION_FILE'
  | 'TABLE_NAME'
  | 'CHANGES_QUEUE_URL'
  | 'FAILURES_QUEUE_URL'
  | 'NOTICES_QUEUE_URL'
  | 'PLANS_QUEUE_URL'
  | 'OUTCOMES_TOPIC_ARN'
  | 'PUBLIC_URL'
  | 'REPORTS_BUCKET';

export const ENVIRONMENT: Record<FunctionName, readonly EnvironmentName[]> = {
  ingest: ['CONFIGURATION_FILE', 'TABLE_NAME', 'CHANGES_QUEUE_URL', 'PLANS_QUEUE_URL'],
  status: ['TABLE_NAME'],
  catalog: ['CONFIGURATION_FILE', 'REPORTS_BUCKET'],
  apply: [
    'CONFIGURATION_FILE',
    'TABLE_NAME',
    'CHANGES_QUEUE_URL',
    'FAILURES_QUEUE_URL',
    'OUTCOMES_TOPIC_ARN',
    'REPORTS_BUCKET',
  ],
  sweep: ['CONFIGURATION_FILE', 'TABLE_NAME', 'CHANGES_QUEUE_URL', 'FAILURES_QUEUE_URL', 'OUTCOMES_TOPIC_ARN'],
  reconcile: ['CONFIGURATION_FILE', 'TABLE_NAME', 'CHANGES_QUEUE_URL', 'FAILURES_QUEUE_URL'],
  drift: ['CONFIGURATION_FILE', 'TABLE_NAME', 'OUTCOMES_TOPIC_ARN', 'REPORTS_BUCKET'],
  notify: ['CONFIGURATION_FILE', 'TABLE_NAME', 'NOTICES_QUEUE_URL', 'PUBLIC_URL'],
  plan: ['CONFIGURATION_FILE', 'TABLE_NAME', 'REPORTS_BUCKET'],
};

/**
 * Optional, for the local world: `AWS_ENDPOINT_URL` (read by the SDK's name), `PUBLIC_URL` (base of status links;
 * otherwise the event's domain name; `notify`, which is called by no request, is always given it), `TIME_FACTOR` (all of `TIMING` divided by it).
 */
export const OPTIONAL_ENVIRONMENT = ['AWS_ENDPOINT_URL', 'PUBLIC_URL', 'TIME_FACTOR'] as const;
