import { type CfnElement, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BUCKET } from '../../shared/deployment/resources.ts';
import { acknowledge } from '../nag/acknowledge.ts';
import { policyOf } from '../nag/policy-of.ts';

/** Common to all buckets: encrypted, by TLS alone, nothing public, kept when the stack is removed. */
export const SECURE = {
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: RemovalPolicy.RETAIN,
} as const satisfies BucketProps;

/**
 * Creates the bucket of drift reports and catalogs. Objects are kept as long as the ledger keeps a settled change. The
 * bucket is retained like the ledger, but has no fixed name, so that a deployment after a removal creates a new bucket
 * instead of failing because of the old one.
 */
export function createReports(scope: Construct, serverAccessLogsBucket: IBucket): Bucket {
  return new Bucket(scope, 'Reports', {
    ...SECURE,
    versioned: true,
    serverAccessLogsBucket,
    serverAccessLogsPrefix: `${BUCKET.name}/`,
    lifecycleRules: [
      {
        expiration: Duration.days(400),
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
  });
}

/**
 * Creates the bucket of the other buckets' access logs. The cast is needed because CDK's class does not fit its
 * interface under exactOptionalPropertyTypes (`isWebsite`).
 */
export function createAccessLogs(scope: Construct): IBucket {
  const logs = new Bucket(scope, 'ReportsAccessLogs', {
    ...SECURE,
    lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
  acknowledge(logs, 'AwsSolutions-S1', 'It holds the access logs: logging access to those into itself never ends.');
  return logs as IBucket;
}

/** Acknowledges the only wildcards among the functions' resources. */
export function acknowledgeReportKeys(
  reports: Bucket,
  writer: LambdaFunction,
  readers: Record<'ofReports' | 'ofCatalogs', readonly LambdaFunction[]>,
): void {
  const bucketId = Stack.of(reports).getLogicalId(reports.node.defaultChild as CfnElement);
  const wildcard = (prefix: string) => `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${prefix}*]`;
  for (const lambda of [writer, ...readers.ofReports]) {
    acknowledge(
      policyOf(lambda),
      wildcard(BUCKET.driftPrefix),
      'Reports are new objects with a date in their key: they can be named by their prefix only.',
    );
  }
  for (const lambda of [writer, ...readers.ofCatalogs]) {
    acknowledge(
      policyOf(lambda),
      wildcard(BUCKET.catalogPrefix),
      'Catalogs are objects, one per tenant: their prefix is theirs alone.',
    );
  }
}
