import { ACTS_BEGIN, OUTCOMES_BEGIN } from '../domain/audit/audit-key.ts';
import { CATALOGS_BEGIN } from '../domain/catalog/catalog.ts';
import { REPORTS_BEGIN } from '../domain/drift/drift.ts';
import { TIMING } from '../domain/ledger/timing.ts';

/**
 * The deployment as plain data. Both the CDK stack and the local world are created from it, so that a laptop runs the
 * same resources as AWS (a test compares the synthesised template with it).
 */

/** The ledger's table. Its keys are strings; the two index keys are numbers and sparse. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Local secondary index over open changes; unlike a global index it allows consistent queries. */
  openIndex: { name: 'open', key: 'openSequence' },
  /** Local secondary index over rejected changes. */
  failedIndex: { name: 'failed', key: 'failedSequence' },
  /**
   * The indexes hold keys alone: DynamoDB counts what an index holds towards the 400 KB of the item, and as a write of
   * its own. A query of an index therefore asks for the whole items.
   */
  indexProjection: 'KEYS_ONLY',
  /** Epoch seconds. DynamoDB deletes expired items some time later, so readers also compare with the clock. */
  timeToLive: 'expiresAt',
} as const;

/**
 * Key prefixes of the table's partitions; of `knownLanes` the whole key. Each function may write only some of them
 * (`permissions.ts`).
 */
export const PARTITIONS = {
  lanes: 'lane#',
  knownLanes: 'lanes',
  claims: 'claim#',
  deliveries: 'delivery#',
  statusLinks: 'status#',
  setNotes: 'note#',
  withdrawals: 'withdrawn#',
  readers: 'readers#',
  ignores: 'ignores#',
  plans: 'plan#',
} as const;

/**
 * The table of the settings, one item per version; its sort key is a number. It is not the ledger's table, because who
 * may write the ledger must not be able to give grants (docs/adr/0014).
 */
export const SETTINGS_TABLE = {
  name: 'settings',
  partitionKey: 'pk',
  sortKey: 'version',
  /** The only partition. */
  partition: 'settings',
} as const;

/** The queue of changes and its dead-letter queue. Both are FIFO; every message has a deduplication id. */
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
 * The queue of `notify`, which writes outcomes to tickets. It is a standard queue, because the topic keeps no order and
 * a slow ticket system must not delay notices to others. The receive count allows the whole retry schedule and a few
 * waits.
 */
export const NOTICES = {
  name: 'notices',
  visibilityTimeoutSeconds: 6 * 300,
  retentionSeconds: TIMING.retentionMs / 1000,
  maxReceiveCount: 12,
  deadLetterQueue: 'notices-failed',
  batchSize: 5,
  /**
   * High enough that a slow ticket system does not block the others, and low for the ticket systems' own rate limits.
   */
  concurrency: 5,
} as const;

/** The queue of `plan`: requests for plans of submitted tickets. Plans of one ticket are made one after another. */
export const PLANS = {
  name: 'plans.fifo',
  visibilityTimeoutSeconds: 6 * 600,
  retentionSeconds: 24 * 60 * 60,
  maxReceiveCount: 3,
  deadLetterQueue: 'plans-missed.fifo',
  batchSize: 1,
  /** Lambda's minimum. Plans share one read budget, so more of them at once would only make each slower. */
  concurrency: 2,
} as const;

/**
 * The queue of `drift`: one message per lane and round, so that a lane neither takes the time of another nor stops it.
 * A lane is read by one worker at a time. A report that fails is made once more, and then waits for a person in
 * `drift-missed`.
 */
export const DRIFT = {
  name: 'drift.fifo',
  visibilityTimeoutSeconds: 6 * 900,
  retentionSeconds: 24 * 60 * 60,
  maxReceiveCount: 2,
  deadLetterQueue: 'drift-missed.fifo',
  batchSize: 1,
  /** Lanes read at a time. A lane waits for its own read budget nearly all the time, so more at a time end sooner. */
  concurrency: 10,
  /** Longer than both tries of a lane that fails: a round that lasts so long has lanes that nobody came to. */
  lateAfterSeconds: 4 * 60 * 60,
} as const;

/**
 * The queue of `audit`, which writes each outcome to the audit trail. It is a standard queue, because lines have no
 * order. A line that cannot be written is tried for an hour, and then waits for a person in `audit-failed`.
 */
export const AUDIT = {
  name: 'audit',
  visibilityTimeoutSeconds: 6 * 60,
  retentionSeconds: TIMING.retentionMs / 1000,
  maxReceiveCount: 10,
  deadLetterQueue: 'audit-failed',
  batchSize: 10,
  /** Lambda's minimum: nobody waits for a line. */
  concurrency: 2,
  /** Longer than all tries of a line: a line that has waited so long was not tried at all. */
  lateAfterSeconds: 2 * 60 * 60,
} as const;

export const TOPIC = { name: 'outcomes' } as const;
export const BUCKET = { name: 'reports', driftPrefix: REPORTS_BEGIN, catalogPrefix: CATALOGS_BEGIN } as const;
/** The bucket of the audit trail: lines that functions write, and those of people who act with the CLI. */
export const AUDIT_BUCKET = { name: 'audit', outcomesPrefix: OUTCOMES_BEGIN, actsPrefix: ACTS_BEGIN } as const;

/**
 * The deployed functions. `route` is an HTTP API route (`ANY`: the function itself answers wrong methods with 405);
 * `schedule` is a key of `SCHEDULES`.
 */
export const FUNCTIONS = {
  ingest: { timeoutSeconds: 15, memoryMb: 512, route: 'ANY /webhooks/{source}' },
  status: { timeoutSeconds: 10, memoryMb: 256, route: 'GET /changes/{token}' },
  catalog: { timeoutSeconds: 10, memoryMb: 512, route: 'GET /catalog' },
  apply: { timeoutSeconds: TIMING.functionTimeoutMs / 1000, memoryMb: 512, queue: 'changes' },
  sweep: { timeoutSeconds: 60, memoryMb: 256, schedule: 'sweep' },
  reconcile: { timeoutSeconds: 300, memoryMb: 512, schedule: 'reconcile' },
  round: { timeoutSeconds: 60, memoryMb: 256, schedule: 'drift' },
  drift: { timeoutSeconds: 900, memoryMb: 1024, queue: 'drift' },
  notify: { timeoutSeconds: 300, memoryMb: 256, queue: 'notices' },
  plan: { timeoutSeconds: 600, memoryMb: 512, queue: 'plans' },
  audit: { timeoutSeconds: 60, memoryMb: 256, queue: 'audit' },
} as const;

/** EventBridge Scheduler expressions in UTC, unless the stack's configuration says otherwise. */
export const SCHEDULES = {
  drift: 'cron(0 6 * * ? *)',
  sweep: 'rate(1 minute)',
  reconcile: 'rate(15 minutes)',
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

/** The function that each schedule starts. */
export const STARTED = {
  drift: 'round',
  sweep: 'sweep',
  reconcile: 'reconcile',
} as const satisfies Record<keyof typeof SCHEDULES, FunctionName>;

/** Names of environment variables; each function has only those that `ENVIRONMENT` lists for it. */
export type EnvironmentName =
  | 'STACK_NAME'
  | 'SETTINGS_TABLE'
  | 'TABLE_NAME'
  | 'CHANGES_QUEUE_URL'
  | 'FAILURES_QUEUE_URL'
  | 'NOTICES_QUEUE_URL'
  | 'PLANS_QUEUE_URL'
  | 'DRIFT_QUEUE_URL'
  | 'OUTCOMES_TOPIC_ARN'
  | 'PUBLIC_URL'
  | 'REPORTS_BUCKET'
  | 'AUDIT_BUCKET';

/** The namespace of what a function counts, and the beginning of its secrets' names. */
const STACK = ['STACK_NAME'] as const;
/** By which a function finds the settings. */
const SETTINGS = [...STACK, 'SETTINGS_TABLE'] as const;

export const ENVIRONMENT: Record<FunctionName, readonly EnvironmentName[]> = {
  ingest: [...SETTINGS, 'TABLE_NAME', 'CHANGES_QUEUE_URL', 'PLANS_QUEUE_URL'],
  status: [...STACK, 'TABLE_NAME'],
  catalog: [...SETTINGS, 'REPORTS_BUCKET'],
  apply: [...SETTINGS, 'TABLE_NAME', 'CHANGES_QUEUE_URL', 'FAILURES_QUEUE_URL', 'OUTCOMES_TOPIC_ARN', 'REPORTS_BUCKET'],
  sweep: [...SETTINGS, 'TABLE_NAME', 'CHANGES_QUEUE_URL', 'FAILURES_QUEUE_URL', 'OUTCOMES_TOPIC_ARN'],
  reconcile: [...SETTINGS, 'TABLE_NAME', 'CHANGES_QUEUE_URL', 'FAILURES_QUEUE_URL', 'PLANS_QUEUE_URL'],
  round: [...SETTINGS, 'DRIFT_QUEUE_URL'],
  drift: [...SETTINGS, 'TABLE_NAME', 'OUTCOMES_TOPIC_ARN', 'REPORTS_BUCKET'],
  notify: [...SETTINGS, 'TABLE_NAME', 'NOTICES_QUEUE_URL', 'PUBLIC_URL', 'REPORTS_BUCKET'],
  plan: [...SETTINGS, 'TABLE_NAME', 'REPORTS_BUCKET'],
  audit: [...STACK, 'TABLE_NAME', 'AUDIT_BUCKET'],
};

/**
 * Optional variables, all but one for the local world. `AWS_ENDPOINT_URL` is the SDK's own name. `PUBLIC_URL` is the
 * base of status links, which is otherwise the event's domain name; `notify` always needs it, because no request calls
 * it. `TIME_FACTOR` divides all of `TIMING`. `SIMULATED_ZPA` is set in a stack that is deployed for a trial.
 */
export const OPTIONAL_ENVIRONMENT = ['AWS_ENDPOINT_URL', 'PUBLIC_URL', 'SIMULATED_ZPA', 'TIME_FACTOR'] as const;
