import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { type Accessible, PERMISSIONS, statementsOf } from '../../shared/deployment/permissions.ts';
import { BUCKET, type FunctionName, TABLE } from '../../shared/deployment/resources.ts';
import type { Queues } from '../messaging/queues.ts';
import type { Secrets } from '../storage/secrets.ts';

/** ARNs of all resources that a policy may name. Each is one resource; only objects are named by a prefix. */
export type ResourceArns = Record<Accessible, string[]>;

type StackResources = { ledger: Table; queues: Queues; outcomes: Topic; reports: Bucket; secrets: Secrets };

/** Collects the ARNs of the stack's resources. */
export function resourceArns({ ledger, queues, outcomes, reports, secrets }: StackResources): ResourceArns {
  return {
    table: [ledger.tableArn],
    openIndex: [`${ledger.tableArn}/index/${TABLE.openIndex.name}`],
    failedIndex: [`${ledger.tableArn}/index/${TABLE.failedIndex.name}`],
    changes: [queues.changes.queueArn],
    failures: [queues.failures.queueArn],
    notices: [queues.notices.queueArn],
    plans: [queues.plans.queueArn],
    outcomes: [outcomes.topicArn],
    reports: [reports.bucketArn],
    driftObjects: [reports.arnForObjects(`${BUCKET.driftPrefix}*`)],
    catalogObjects: [reports.arnForObjects(`${BUCKET.catalogPrefix}*`)],
    zpaWriteSecrets: secrets.write,
    zpaReadSecrets: secrets.read,
    sourceSecrets: secrets.sources,
    catalogSecrets: secrets.catalog,
    ticketSecrets: secrets.tickets,
    ticketReadSecrets: secrets.ticketsRead,
    soleTicketSecrets: secrets.soleTickets,
    statusSecret: [secrets.status],
  };
}

/** Creates the statements of one function's policy. */
export function policyStatementsOf(name: FunctionName, to: ResourceArns): PolicyStatement[] {
  return statementsOf(PERMISSIONS[name], to).map(({ actions, resources, within, listing }) => {
    const conditions =
      (within && { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...within] } }) ??
      (listing && { StringLike: { 's3:prefix': [...listing] } });
    return new PolicyStatement({ actions: [...actions], resources, ...(conditions && { conditions }) });
  });
}
