import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { OWN_SOURCE } from '../../shared/deployment/cli-target.ts';
import { type Accessible, PERMISSIONS, type Permission, statementsOf } from '../../shared/deployment/permissions.ts';
import { AUDIT_BUCKET, BUCKET, type FunctionName, TABLE } from '../../shared/deployment/resources.ts';
import { secretNames } from '../../shared/domain/configuration/configuration.ts';
import type { Queues } from '../messaging/queues.ts';

/**
 * ARNs of all resources that a policy may name. Each is one resource; only objects and secrets are named by a pattern.
 */
export type ResourceArns = Record<Accessible, string[]>;

type StackResources = {
  ledger: Table;
  settings: Table;
  queues: Queues;
  outcomes: Topic;
  reports: Bucket;
  audit: Bucket;
  /** ARN of the key of status links. */
  statusSecret: string;
};

/** Collects the ARNs of the stack's resources. */
export function resourceArns(
  scope: Construct,
  name: string,
  { ledger, settings, queues, outcomes, reports, audit, statusSecret }: StackResources,
): ResourceArns {
  // Secrets Manager appends a hyphen and six characters to a secret's name.
  const secrets = (pattern: string) => [
    Stack.of(scope).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${pattern}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  ];
  return {
    table: [ledger.tableArn],
    openIndex: [`${ledger.tableArn}/index/${TABLE.openIndex.name}`],
    failedIndex: [`${ledger.tableArn}/index/${TABLE.failedIndex.name}`],
    settings: [settings.tableArn],
    changes: [queues.changes.queueArn],
    failures: [queues.failures.queueArn],
    notices: [queues.notices.queueArn],
    plans: [queues.plans.queueArn],
    drift: [queues.drift.queueArn],
    audit: [queues.audit.queueArn],
    outcomes: [outcomes.topicArn],
    reports: [reports.bucketArn],
    driftObjects: [reports.arnForObjects(`${BUCKET.driftPrefix}*`)],
    catalogObjects: [reports.arnForObjects(`${BUCKET.catalogPrefix}*`)],
    auditOutcomes: [audit.arnForObjects(`${AUDIT_BUCKET.outcomesPrefix}*`)],
    auditTrail: [audit.bucketArn],
    auditLines: [AUDIT_BUCKET.outcomesPrefix, AUDIT_BUCKET.actsPrefix].map((one) => audit.arnForObjects(`${one}*`)),
    auditActs: [audit.arnForObjects(`${AUDIT_BUCKET.actsPrefix}*`)],
    zpaWriteSecrets: secrets(secretNames.zpa(name, '*', 'write')),
    zpaReadSecrets: secrets(secretNames.zpa(name, '*', 'read')),
    sourceSecrets: secrets(secretNames.source(name, '*')),
    ownSourceSecret: secrets(secretNames.source(name, OWN_SOURCE)),
    catalogSecrets: secrets(secretNames.catalog(name, '*')),
    ticketSecrets: secrets(secretNames.tickets(name, '*')),
    ticketReadSecrets: secrets(secretNames.ticketsRead(name, '*')),
    statusSecret: [statusSecret],
  };
}

/** Creates the statements of a policy. */
export function policyStatements(permissions: readonly Permission[], to: ResourceArns): PolicyStatement[] {
  return statementsOf(permissions, to).map(({ actions, resources, within, listing }) => {
    const conditions =
      (within && { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...within] } }) ??
      (listing && { StringLike: { 's3:prefix': [...listing] } });
    return new PolicyStatement({ actions: [...actions], resources, ...(conditions && { conditions }) });
  });
}

/**
 * Why a pattern names the secrets of a kind. Each kind has a folder of its own, and the rights on it are one function's
 * or few.
 */
const BY_PATTERN: Partial<Record<Accessible, string>> = {
  zpaWriteSecrets:
    'Tenants are data, so their secrets are known by the folder of the stack; the write one is of this function alone.',
  zpaReadSecrets:
    'Tenants are data, so their secrets are known by the folder of the stack; these may read ZPA and not write it.',
  sourceSecrets:
    'Sources are data, so their secrets are known by their folder, which holds what deliveries are proved with.',
  catalogSecrets:
    'Sources are data, so their secrets are known by their folder, which holds what catalogs are fetched with.',
  ticketSecrets:
    'Sources are data, so their secrets are known by their folder, which holds what tickets are written with.',
  ticketReadSecrets:
    'Sources are data, so their secrets are known by their folder, which holds what tickets are read with.',
};

/** The secrets that a function may read by a pattern, each with the reason. */
export function secretPatterns(name: FunctionName, to: ResourceArns): { arn: string; reason: string }[] {
  return PERMISSIONS[name]
    .flatMap(({ on }) => on)
    .flatMap((kind) => {
      const reason = BY_PATTERN[kind];
      return reason === undefined ? [] : to[kind].map((arn) => ({ arn, reason }));
    });
}
