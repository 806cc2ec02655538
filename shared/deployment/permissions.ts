import { type FunctionName, PARTITIONS } from './resources.ts';

/**
 * What each function may do, as plain data: the stack makes every role's policy from it, and the local world refuses
 * what it does not say, so that code which needs more fails in the tests before it fails in AWS.
 */
export type Permission = {
  /** As IAM names them; a batch call needs the action of one (`sqs:SendMessage` for SendMessageBatch). */
  actions: readonly string[];
  on: readonly Accessible[];
  /** Only items of the table's partitions whose key is so. */
  within?: readonly string[];
};

/**
 * Everything that a policy may name. A Query on an index needs the index and not the table. Objects and secrets are kinds:
 * their names depend on the configuration.
 */
export type Accessible =
  | 'table'
  | 'openIndex'
  | 'failedIndex'
  | 'changes'
  | 'failures'
  | 'notices'
  | 'plans'
  | 'outcomes'
  | 'reports'
  | 'driftObjects'
  | 'catalogObjects'
  | 'zpaWriteSecrets'
  | 'zpaReadSecrets'
  | 'sourceSecrets'
  | 'catalogSecrets'
  | 'ticketSecrets'
  | 'statusSecret';

/** Records are read by key, several asked for at once together. */
const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'];
/** `UpdateItem` is the counter of places. */
const READ_AND_WRITE = [...READ, 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const QUERY = ['dynamodb:Query'];
/** What Lambda's poller does with the function's role (AWS Lambda guide, "Execution role permissions" for SQS). */
const CONSUME = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const SEND = ['sqs:SendMessage'];
const DEFER = ['sqs:ChangeMessageVisibility'];
const PUBLISH = ['sns:Publish'];
const SECRET = ['secretsmanager:GetSecretValue'];

/** `s3:ListBucket`: without it, what is missing is answered as forbidden. */
const READ_CATALOGS: readonly Permission[] = [
  { actions: ['s3:GetObject'], on: ['catalogObjects'] },
  { actions: ['s3:ListBucket'], on: ['reports'] },
];

const READERS = `${PARTITIONS.readers}*`;
const PLANS = `${PARTITIONS.plans}*`;

/**
 * Nothing else is allowed (logs and traces come with the function). The ZPA secret that may write is readable by `apply`
 * alone; a function that answers the internet reads no ZPA secret at all.
 */
export const PERMISSIONS: Readonly<Record<FunctionName, readonly Permission[]>> = {
  ingest: [
    { actions: READ_AND_WRITE, on: ['table'] },
    // The table too: all changes of a ticket, whatever their approval.
    { actions: QUERY, on: ['table', 'openIndex'] },
    { actions: SEND, on: ['changes', 'plans'] },
    { actions: SECRET, on: ['sourceSecrets', 'ticketSecrets', 'statusSecret'] },
  ],
  status: [{ actions: READ, on: ['table'] }],
  catalog: [...READ_CATALOGS, { actions: SECRET, on: ['catalogSecrets'] }],
  apply: [
    { actions: READ_AND_WRITE, on: ['table'] },
    // A rejection looks among those that failed for the one it follows from.
    { actions: QUERY, on: ['table', 'openIndex', 'failedIndex'] },
    // Names that were perhaps meant.
    ...READ_CATALOGS,
    { actions: [...CONSUME, ...DEFER], on: ['changes'] },
    // Onto `changes` too: a failure that the AWS console moved back is re-opened with a message of its own.
    { actions: SEND, on: ['changes', 'failures'] },
    { actions: PUBLISH, on: ['outcomes'] },
    { actions: SECRET, on: ['zpaWriteSecrets'] },
  ],
  sweep: [
    { actions: READ_AND_WRITE, on: ['table'] },
    { actions: QUERY, on: ['openIndex'] },
    { actions: SEND, on: ['changes', 'failures'] },
    { actions: PUBLISH, on: ['outcomes'] },
  ],
  reconcile: [
    { actions: READ_AND_WRITE, on: ['table'] },
    { actions: QUERY, on: ['table', 'openIndex'] },
    { actions: SEND, on: ['changes'] },
    // Failures of what a later approval superseded are taken off.
    { actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', ...DEFER], on: ['failures'] },
    { actions: SECRET, on: ['ticketSecrets', 'statusSecret'] },
  ],
  drift: [
    { actions: READ, on: ['table'] },
    { actions: QUERY, on: ['table', 'openIndex'] },
    // The reads that it shares with plans; of the changes it can alter nothing.
    { actions: ['dynamodb:PutItem'], on: ['table'], within: [READERS] },
    { actions: ['s3:PutObject'], on: ['driftObjects', 'catalogObjects'] },
    { actions: PUBLISH, on: ['outcomes'] },
    { actions: SECRET, on: ['zpaReadSecrets'] },
  ],
  notify: [
    { actions: [...READ, 'dynamodb:PutItem'], on: ['table'] },
    { actions: [...CONSUME, ...DEFER], on: ['notices'] },
    { actions: SECRET, on: ['ticketSecrets', 'statusSecret'] },
  ],
  plan: [
    // Of the ledger it sees and writes nothing but its own.
    { actions: [...READ, 'dynamodb:PutItem'], on: ['table'], within: [READERS, PLANS] },
    { actions: CONSUME, on: ['plans'] },
    ...READ_CATALOGS,
    { actions: SECRET, on: ['zpaReadSecrets', 'ticketSecrets'] },
  ],
};

/** A permission on what really exists. */
export type Statement = { actions: readonly string[]; resources: string[]; within?: readonly string[] };

/** Permissions with ARNs; one on nothing is left out: of a kind of secret nobody may have configured one. */
export function statementsOf(
  permissions: readonly Permission[],
  arns: Readonly<Record<Accessible, readonly string[]>>,
): Statement[] {
  return permissions
    .map(({ on, ...permission }) => ({ ...permission, resources: on.flatMap((one) => arns[one]) }))
    .filter(({ resources }) => resources.length > 0);
}
