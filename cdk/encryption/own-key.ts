import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { TOPIC } from '../../shared/deployment/resources.ts';

/**
 * Encrypts everything below `scope` with one key. It is done to the resources themselves and not by CDK's properties,
 * which would add grants of their own to roles and to the key's policy, in a circle with topics; and a resource that is
 * added later cannot be forgotten.
 */
export function encryptWith(scope: IConstruct, { keyArn }: IKey): void {
  for (const one of scope.node.findAll()) encryptResource(one, keyArn);
}

function encryptResource(one: IConstruct, keyArn: string): void {
  if (one instanceof CfnTable) one.sseSpecification = { sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: keyArn };
  if (one instanceof CfnLogGroup) one.kmsKeyId = keyArn;
  if (one instanceof CfnSecret) one.kmsKeyId = keyArn;
  if (one instanceof CfnTopic) one.kmsMasterKeyId = keyArn;
  if (one instanceof CfnQueue) {
    one.kmsMasterKeyId = keyArn;
    one.addPropertyDeletionOverride('SqsManagedSseEnabled');
  }
  // S3 delivers access logs to no bucket that is encrypted with a key of KMS, and only a bucket with logs has its reads
  // logged.
  if (one instanceof CfnBucket && one.loggingConfiguration !== undefined) {
    const serverSideEncryptionByDefault = { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn };
    one.bucketEncryption = {
      serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault, bucketKeyEnabled: true }],
    };
  }
}

/**
 * Admits the services that use the key for themselves: logs, alarms on their way to their topic, outcomes on their way to
 * the queue of notices. A key that is known by its ARN alone is left as it is; docs/deploy.md says what its policy needs.
 */
export function admitServices(scope: Construct, name: string, key: IKey): void {
  const stack = Stack.of(scope);
  const allow = (service: string, actions: string[], conditions = {}) =>
    key.addToResourcePolicy(
      new PolicyStatement({ principals: [new ServicePrincipal(service)], actions, resources: ['*'], conditions }),
    );
  const groups = [`/aws/lambda/${name}-*`, `/aws/vendedlogs/${name}/*`].map(
    (group) => `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:${group}`,
  );
  allow(
    `logs.${stack.region}.amazonaws.com`,
    ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
  );
  // There is no condition on the caller, because AWS does not document what CloudWatch passes to KMS; the topic's policy
  // restricts the caller.
  allow('cloudwatch.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey*']);
  // By name, because the topic refers to the key and CloudFormation forbids circular references.
  const outcomes = stack.formatArn({ service: 'sns', resource: `${name}-${TOPIC.name}` });
  allow('sns.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey*'], { ArnEquals: { 'aws:SourceArn': outcomes } });
}
