import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../shared/deployment/permissions.ts';
import { CONFIGURATION, permissionLines, synthesise } from './synthesise.ts';

const { template, resources } = synthesise();

describe('the bucket of the audit trail', () => {
  it('locks each line for three years by itself, outlives the stack, and lets lines go after their time', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: Match.absent(),
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1100 } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: {
          Rules: [Match.objectLike({ ExpirationInDays: 1101, NoncurrentVersionExpiration: { NoncurrentDays: 1 } })],
        },
      },
    });
  });

  it('locks for as long as the configuration says', () => {
    const { template: longer } = synthesise({ ...CONFIGURATION, audit: { retentionDays: 2557 } });
    longer.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 2557 } } },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 2558 })] },
    });
  });

  it('refuses everybody who would replace, delete or unlock a line', () => {
    const denied = permissionLines(resources('AWS::S3::BucketPolicy').AuditTrailPolicy).filter(
      (line) => line.startsWith('deny s3:') && !line.includes('s3:*'),
    );
    expect(denied).toEqual([
      'deny s3:BypassGovernanceRetention on AuditTrail.Arn/*',
      'deny s3:DeleteObject on AuditTrail.Arn/*',
      'deny s3:DeleteObjectVersion on AuditTrail.Arn/*',
      'deny s3:PutObject on AuditTrail.Arn/* if {"Null":{"s3:if-none-match":"true"}}',
      'deny s3:PutObjectRetention on AuditTrail.Arn/*',
    ]);
  });

  it('is written by one function, which may do nothing else there, and by no other', () => {
    const onTrail = Object.entries(PERMISSIONS).flatMap(([name, all]) =>
      all.filter(({ on }) => on.includes('auditOutcomes')).map(({ actions }) => [name, actions]),
    );
    expect(onTrail).toEqual([['audit', ['s3:PutObject']]]);
  });
});
