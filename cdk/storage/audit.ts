import { type CfnElement, Duration, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { AUDIT_BUCKET } from '../../shared/deployment/resources.ts';
import { acknowledge } from '../nag/acknowledge.ts';
import { policyOf } from '../nag/policy-of.ts';
import { SECURE } from './reports.ts';

/**
 * Creates the bucket of the audit trail (docs/adr/0017). Each line is locked for `retentionDays` from when it is written, and
 * goes some days after. The bucket's policy lets nobody replace, delete or unlock a line; like the bucket of reports it
 * outlives the stack and has no fixed name.
 */
export function createAudit(scope: Construct, retentionDays: number, serverAccessLogsBucket: IBucket): Bucket {
  const bucket = new Bucket(scope, 'AuditTrail', {
    ...SECURE,
    versioned: true,
    objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(retentionDays)),
    serverAccessLogsBucket,
    serverAccessLogsPrefix: `${AUDIT_BUCKET.name}/`,
    lifecycleRules: [
      {
        expiration: Duration.days(retentionDays + 1),
        noncurrentVersionExpiration: Duration.days(1),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
  });
  const deny = (actions: string[], conditions?: Record<string, Record<string, string>>) =>
    bucket.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources: [bucket.arnForObjects('*')],
        ...(conditions && { conditions }),
      }),
    );
  // S3 takes a put with `If-None-Match` only where the key is free ("Enforce conditional writes", S3 user guide).
  deny(['s3:PutObject'], { Null: { 's3:if-none-match': 'true' } });
  deny(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention']);
  return bucket;
}

/** Acknowledges the only wildcard among the resources of `audit`. */
export function acknowledgeAuditKeys(bucket: Bucket, writer: LambdaFunction): void {
  const bucketId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnElement);
  acknowledge(
    policyOf(writer),
    `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${AUDIT_BUCKET.outcomesPrefix}*]`,
    'Lines are new objects with a date in their key: they can be named by their prefix only.',
  );
}
