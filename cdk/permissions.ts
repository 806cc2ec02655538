import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { BUCKET, type FunctionName, TABLE } from '../shared/resources.ts';
import type { Queues } from './queues.ts';
import type { Secrets } from './secrets.ts';

/** ARNs a policy may name. Everything is one resource, none a wildcard except `reportKeys`. */
export type Grantable = {
  table: string;
  openIndex: string;
  changes: string;
  failures: string;
  notices: string;
  plans: string;
  outcomes: string;
  /** `arn…/drift/*`: objects cannot be named before they exist. */
  reportKeys: string;
  /** `arn…/catalog/*`: one per tenant. */
  catalogKeys: string;
  /** The bucket of both. */
  reports: string;
  secrets: Secrets;
};

type Rooms = { ledger: Table; queues: Queues; outcomes: Topic; reports: Bucket; secrets: Secrets };

/** ARNs of what the stack holds. */
export function grantable({ ledger, queues, outcomes, reports, secrets }: Rooms): Grantable {
  return {
    table: ledger.tableArn,
    openIndex: `${ledger.tableArn}/index/${TABLE.openIndex.name}`,
    changes: queues.changes.queueArn,
    failures: queues.failures.queueArn,
    notices: queues.notices.queueArn,
    plans: queues.plans.queueArn,
    outcomes: outcomes.topicArn,
    reportKeys: reports.arnForObjects(`${BUCKET.driftPrefix}*`),
    catalogKeys: reports.arnForObjects(`${BUCKET.catalogPrefix}*`),
    reports: reports.bucketArn,
    secrets,
  };
}

/** `within`: only items of the table's partitions whose key begins so. */
type Grant = { actions: string[]; on: string[]; within?: string[] };

/** Records are read by key, several asked for at once together. */
const LEDGER = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'];

/**
 * What each function may do, and nothing else (logs and traces come with the function). The ZPA secret that may write
 * is readable by `apply` alone; a function that answers the internet reads no ZPA secret at all.
 */
const GRANTS: Record<FunctionName, (to: Grantable) => Grant[]> = {
  ingest: (to) => [
    { actions: [...LEDGER, 'dynamodb:PutItem', 'dynamodb:UpdateItem'], on: [to.table] },
    // The table too: all changes of a ticket, whatever their approval.
    { actions: ['dynamodb:Query'], on: [to.table, to.openIndex] },
    { actions: ['sqs:SendMessage'], on: [to.changes, to.plans] },
    {
      actions: ['secretsmanager:GetSecretValue'],
      on: [...to.secrets.sources, ...to.secrets.tickets, to.secrets.status],
    },
  ],
  status: (to) => [{ actions: LEDGER, on: [to.table] }],
  catalog: (to) => [
    { actions: ['s3:GetObject'], on: [to.catalogKeys] },
    { actions: ['s3:ListBucket'], on: [to.reports] },
    ...readable(to.secrets.catalog),
  ],
  apply: (to) => [
    { actions: [...LEDGER, 'dynamodb:PutItem', 'dynamodb:UpdateItem'], on: [to.table] },
    { actions: ['dynamodb:Query'], on: [to.table, to.openIndex] },
    // Names that were perhaps meant.
    { actions: ['s3:GetObject'], on: [to.catalogKeys] },
    { actions: ['s3:ListBucket'], on: [to.reports] },
    { actions: [...CONSUME, 'sqs:ChangeMessageVisibility'], on: [to.changes] },
    // Onto `changes` too: a failure that the AWS console moved back is re-opened with a message of its own.
    { actions: ['sqs:SendMessage'], on: [to.changes, to.failures] },
    { actions: ['sns:Publish'], on: [to.outcomes] },
    { actions: ['secretsmanager:GetSecretValue'], on: to.secrets.write },
  ],
  sweep: (to) => [
    { actions: [...LEDGER, 'dynamodb:PutItem', 'dynamodb:UpdateItem'], on: [to.table] },
    { actions: ['dynamodb:Query'], on: [to.openIndex] },
    { actions: ['sqs:SendMessage'], on: [to.changes, to.failures] },
    { actions: ['sns:Publish'], on: [to.outcomes] },
  ],
  reconcile: (to) => [
    { actions: [...LEDGER, 'dynamodb:PutItem', 'dynamodb:UpdateItem'], on: [to.table] },
    { actions: ['dynamodb:Query'], on: [to.table, to.openIndex] },
    { actions: ['sqs:SendMessage'], on: [to.changes] },
    // Failures of what a later approval superseded are taken off.
    { actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'], on: [to.failures] },
    { actions: ['secretsmanager:GetSecretValue'], on: [...to.secrets.tickets, to.secrets.status] },
  ],
  drift: (to) => [
    { actions: LEDGER, on: [to.table] },
    { actions: ['dynamodb:Query'], on: [to.table, to.openIndex] },
    // The reads that it shares with plans; of the changes it can alter nothing.
    { actions: ['dynamodb:PutItem'], on: [to.table], within: [READERS] },
    { actions: ['s3:PutObject'], on: [to.reportKeys, to.catalogKeys] },
    { actions: ['sns:Publish'], on: [to.outcomes] },
    { actions: ['secretsmanager:GetSecretValue'], on: to.secrets.read },
  ],
  notify: (to) => [
    { actions: [...LEDGER, 'dynamodb:PutItem'], on: [to.table] },
    { actions: [...CONSUME, 'sqs:ChangeMessageVisibility'], on: [to.notices] },
    { actions: ['secretsmanager:GetSecretValue'], on: [...to.secrets.tickets, to.secrets.status] },
  ],
  plan: (to) => [
    // Of the ledger it sees and writes nothing but its own.
    { actions: [...LEDGER, 'dynamodb:PutItem'], on: [to.table], within: [READERS, PLANS] },
    { actions: CONSUME, on: [to.plans] },
    { actions: ['s3:GetObject'], on: [to.catalogKeys] },
    { actions: ['s3:ListBucket'], on: [to.reports] },
    { actions: ['secretsmanager:GetSecretValue'], on: [...to.secrets.read, ...to.secrets.tickets] },
  ],
};

/** Partitions of the reads that readers share, and of plans (`shared/aws`). */
const READERS = 'readers#*';
const PLANS = 'plan#*';

/** A policy names at least one resource; of a kind of secret nobody may have configured one. */
const readable = (secrets: string[]): Grant[] =>
  secrets.length === 0 ? [] : [{ actions: ['secretsmanager:GetSecretValue'], on: secrets }];

/** What Lambda's poller does with the function's role (AWS Lambda guide, "Execution role permissions" for SQS). */
const CONSUME = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** The statements of one function's policy. */
export function permissionsOf(name: FunctionName, to: Grantable): PolicyStatement[] {
  return GRANTS[name](to).map(({ actions, on, within }) => {
    const conditions = within && { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': within } };
    return new PolicyStatement({ actions, resources: on, ...(conditions && { conditions }) });
  });
}
