import { BUCKET, type FunctionName, PARTITIONS } from './resources.ts';

/**
 * The AWS permissions of each function as plain data. The stack creates every role's policy from it, and the local
 * world refuses all other calls, so that code which needs more fails in the tests before it fails in AWS.
 */
export type Permission = {
  /** IAM actions. A batch call needs the action of the single call (`sqs:SendMessage` for SendMessageBatch). */
  actions: readonly string[];
  on: readonly Accessible[];
  /** Restricts the permission to items whose partition key matches one of these patterns. */
  within?: readonly string[];
  /** Restricts `s3:ListBucket` to listings whose prefix matches one of these patterns. */
  listing?: readonly string[];
};

/**
 * All resources that a policy may name. A Query on an index needs the index and not the table. Objects and secrets are
 * named by kind, because their names depend on the configuration.
 */
export type Accessible =
  | 'table'
  | 'openIndex'
  | 'failedIndex'
  | 'settings'
  | 'changes'
  | 'failures'
  | 'notices'
  | 'plans'
  | 'drift'
  | 'audit'
  | 'outcomes'
  | 'reports'
  | 'driftObjects'
  | 'catalogObjects'
  | 'auditOutcomes'
  | 'auditTrail'
  | 'auditLines'
  | 'auditActs'
  | 'zpaWriteSecrets'
  | 'zpaReadSecrets'
  | 'sourceSecrets'
  | 'ownSourceSecret'
  | 'catalogSecrets'
  | 'ticketSecrets'
  | 'ticketReadSecrets'
  | 'statusSecret';

/** Reads by key. Reads at the same time are combined into one batch. */
const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'];
const WRITE = ['dynamodb:PutItem'];
const QUERY = ['dynamodb:Query'];
/** Lambda's poller needs these with the function's role (AWS Lambda guide, "Execution role permissions" for SQS). */
const CONSUME = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const SEND = ['sqs:SendMessage'];
const DEFER = ['sqs:ChangeMessageVisibility'];
const PUBLISH = ['sns:Publish'];
const SECRET = ['secretsmanager:GetSecretValue'];

/** The settings are loaded by a query. No function may write them, because they give grants. */
const LOAD_SETTINGS: Permission = { actions: QUERY, on: ['settings'] };

/**
 * Without `s3:ListBucket`, a missing object cannot be told from a forbidden one. Who lists catalogs may not list
 * reports.
 */
const READ_CATALOGS: readonly Permission[] = [
  { actions: ['s3:GetObject'], on: ['catalogObjects'] },
  { actions: ['s3:ListBucket'], on: ['reports'], listing: [`${BUCKET.catalogPrefix}*`] },
];

const READ_REPORTS: readonly Permission[] = [
  { actions: ['s3:GetObject'], on: ['driftObjects'] },
  { actions: ['s3:ListBucket'], on: ['reports'], listing: [`${BUCKET.driftPrefix}*`] },
];

/**
 * Writes to a customer's changes. An approved change is an item there, so who can write one can forge one. Only the
 * sequence counter needs `UpdateItem`.
 */
const WRITE_LANES: Permission = {
  actions: [...WRITE, 'dynamodb:UpdateItem'],
  on: ['table'],
  within: [`${PARTITIONS.lanes}*`],
};
const READERS = `${PARTITIONS.readers}*`;
const PLANS = `${PARTITIONS.plans}*`;
const DELIVERIES = `${PARTITIONS.deliveries}*`;
const CLAIMS = `${PARTITIONS.claims}*`;
const STATUS_LINKS = `${PARTITIONS.statusLinks}*`;
const SET_NOTES = `${PARTITIONS.setNotes}*`;
const WITHDRAWALS = `${PARTITIONS.withdrawals}*`;
const IGNORES = `${PARTITIONS.ignores}*`;

/**
 * The only permissions of each function, except for logs and traces, which every function has. Only `apply` may read
 * the ZPA secret that may write. Functions that answer requests from the internet may read no ZPA secret.
 */
export const PERMISSIONS: Readonly<Record<FunctionName, readonly Permission[]>> = {
  ingest: [
    LOAD_SETTINGS,
    { actions: READ, on: ['table'] },
    WRITE_LANES,
    { actions: WRITE, on: ['table'], within: [PARTITIONS.knownLanes, CLAIMS, DELIVERIES, STATUS_LINKS, WITHDRAWALS] },
    // It queries the table for all changes of a ticket, whatever their approval.
    { actions: QUERY, on: ['table', 'openIndex'] },
    { actions: SEND, on: ['changes', 'plans'] },
    { actions: SECRET, on: ['sourceSecrets', 'ticketReadSecrets', 'statusSecret'] },
  ],
  status: [{ actions: READ, on: ['table'] }],
  catalog: [LOAD_SETTINGS, ...READ_CATALOGS, { actions: SECRET, on: ['catalogSecrets'] }],
  apply: [
    LOAD_SETTINGS,
    { actions: READ, on: ['table'] },
    WRITE_LANES,
    // It remembers which lists of a tenant held entries.
    { actions: WRITE, on: ['table'], within: [READERS] },
    // A rejection searches the failed changes for the one that caused it.
    { actions: QUERY, on: ['table', 'openIndex', 'failedIndex'] },
    // It reads catalogs to suggest names that were perhaps meant.
    ...READ_CATALOGS,
    { actions: [...CONSUME, ...DEFER], on: ['changes'] },
    // It sends to `changes` too: a failure that the AWS console moved back is re-opened with a message of its own.
    { actions: SEND, on: ['changes', 'failures'] },
    { actions: PUBLISH, on: ['outcomes'] },
    { actions: SECRET, on: ['zpaWriteSecrets'] },
  ],
  sweep: [
    LOAD_SETTINGS,
    { actions: READ, on: ['table'] },
    WRITE_LANES,
    { actions: WRITE, on: ['table'], within: [PARTITIONS.knownLanes] },
    // A rejected deletion may name its group by the name alone, which desired groups are searched for.
    { actions: QUERY, on: ['table', 'openIndex'] },
    { actions: SEND, on: ['changes', 'failures'] },
    { actions: PUBLISH, on: ['outcomes'] },
  ],
  reconcile: [
    LOAD_SETTINGS,
    { actions: READ, on: ['table'] },
    WRITE_LANES,
    { actions: WRITE, on: ['table'], within: [PARTITIONS.knownLanes, CLAIMS, STATUS_LINKS, WITHDRAWALS] },
    { actions: QUERY, on: ['table', 'openIndex', 'failedIndex'] },
    // Comments on tickets that it may only read are written by `plan`.
    { actions: SEND, on: ['changes', 'plans'] },
    // It deletes failures of changes that a later approval superseded.
    { actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', ...DEFER], on: ['failures'] },
    { actions: SECRET, on: ['ticketReadSecrets', 'statusSecret'] },
  ],
  round: [LOAD_SETTINGS, { actions: SEND, on: ['drift'] }],
  drift: [
    LOAD_SETTINGS,
    { actions: READ, on: ['table'] },
    { actions: QUERY, on: ['table', 'openIndex'] },
    // It may only write the read budget that it shares with `plan` and the ends of ignores, and no change.
    { actions: WRITE, on: ['table'], within: [READERS, IGNORES] },
    { actions: CONSUME, on: ['drift'] },
    // It carries each report over from the last one.
    ...READ_REPORTS,
    // It names by the last catalog what is gone from ZPA.
    ...READ_CATALOGS,
    { actions: ['s3:PutObject'], on: ['driftObjects', 'catalogObjects'] },
    { actions: PUBLISH, on: ['outcomes'] },
    { actions: SECRET, on: ['zpaReadSecrets'] },
  ],
  notify: [
    LOAD_SETTINGS,
    { actions: READ, on: ['table'] },
    // It reads changes, and may write none.
    { actions: WRITE, on: ['table'], within: [SET_NOTES, STATUS_LINKS] },
    { actions: [...CONSUME, ...DEFER], on: ['notices'] },
    // It tells tickets of drift reports.
    ...READ_REPORTS,
    { actions: SECRET, on: ['ticketSecrets', 'statusSecret'] },
  ],
  plan: [
    LOAD_SETTINGS,
    // It reads and writes only its own partitions of the ledger's table.
    { actions: [...READ, ...WRITE], on: ['table'], within: [READERS, PLANS] },
    { actions: CONSUME, on: ['plans'] },
    ...READ_CATALOGS,
    { actions: SECRET, on: ['zpaReadSecrets', 'ticketSecrets', 'statusSecret'] },
  ],
  audit: [
    { actions: READ, on: ['table'] },
    { actions: CONSUME, on: ['audit'] },
    // It adds lines, and may neither read nor list nor delete any.
    { actions: ['s3:PutObject'], on: ['auditOutcomes'] },
  ],
};

/** A permission with the ARNs of its resources. */
export type Statement = Omit<Permission, 'on'> & { resources: string[] };

/**
 * Resolves permissions to ARNs.
 */
export function statementsOf(
  permissions: readonly Permission[],
  arns: Readonly<Record<Accessible, readonly string[]>>,
): Statement[] {
  return permissions.map(({ on, ...permission }) => ({ ...permission, resources: on.flatMap((one) => arns[one]) }));
}
