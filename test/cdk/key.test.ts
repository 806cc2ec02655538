import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { stackSchema } from '../../cdk/configuration/stack-configuration.ts';
import { SegmentGroupChanges } from '../../cdk/segment-group-changes.ts';
import type { FUNCTIONS } from '../../shared/deployment/resources.ts';
import {
  CONFIGURATION,
  listOf,
  permissionLines,
  readable,
  type Synthesised,
  statementsOf,
  synthesise,
  withBundles,
} from './synthesise.ts';

const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc';
const withKey = (key: string) => synthesise(stackSchema.parse({ ...CONFIGURATION, vpc: {}, key }));
const given = withKey(ARN);
const created = withKey('create');
const plain = synthesise(stackSchema.parse({ ...CONFIGURATION, vpc: {} }));

const under = ({ resources }: Synthesised, type: string, find: (properties: Record<string, unknown>) => unknown) =>
  Object.entries(resources(type)).map(([id, { Properties }]) => [id, find(Properties)] as const);

describe('a key of somebody’s own', () => {
  it.each([
    ['given', given, ARN],
    ['created', created, 'Key.Arn'],
  ] as const)('%s: it encrypts every table, queue, topic, log group and secret, and the reports', (_, stack, arn) => {
    const used = [
      ...under(stack, 'AWS::DynamoDB::Table', ({ SSESpecification }) => {
        const { SSEEnabled, SSEType, KMSMasterKeyId } = (SSESpecification ?? {}) as Record<string, unknown>;
        return SSEEnabled === true && SSEType === 'KMS' ? KMSMasterKeyId : undefined;
      }),
      ...under(stack, 'AWS::SQS::Queue', ({ KmsMasterKeyId, SqsManagedSseEnabled }) =>
        SqsManagedSseEnabled === undefined ? KmsMasterKeyId : undefined,
      ),
      ...under(stack, 'AWS::SNS::Topic', ({ KmsMasterKeyId }) => KmsMasterKeyId),
      ...under(stack, 'AWS::Logs::LogGroup', ({ KmsKeyId }) => KmsKeyId),
      ...under(stack, 'AWS::SecretsManager::Secret', ({ KmsKeyId }) => KmsKeyId),
    ];
    expect(used.length).toBeGreaterThan(22);
    expect(used.filter(([, key]) => key === undefined || readable(key) !== arn)).toEqual([]);
    const buckets = under(stack, 'AWS::S3::Bucket', ({ BucketEncryption }) => JSON.stringify(BucketEncryption));
    expect(buckets.map(([id, how]) => [id, /"aws:kms"/.test(String(how))])).toEqual([
      ['ReportsAccessLogs', false],
      ['Reports', true],
      ['AuditTrail', true],
    ]);
  });

  it('no other is made, and none at all if it is given', () => {
    expect(Object.keys(created.resources('AWS::KMS::Key'))).toEqual(['Key']);
    expect(Object.keys(given.resources('AWS::KMS::Key'))).toEqual([]);
  });

  it('a created one is rotated, kept with what it encrypts, and has a name', () => {
    const { Key: key } = created.resources('AWS::KMS::Key');
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
    created.template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/harbour' });
  });

  it('a created one admits the services that use it for themselves, each for this stack alone', () => {
    const { KeyPolicy } = created.propertiesOf('AWS::KMS::Key', 'Key') as { KeyPolicy: Record<string, unknown> };
    const statements = statementsOf({ Type: '', Properties: { PolicyDocument: KeyPolicy } });
    const services = statements.flatMap(({ Principal, Action, Condition }) => {
      const service = (Principal as { Service?: unknown }).Service;
      return service === undefined ? [] : [[readable(service), listOf(Action).join(), JSON.stringify(Condition ?? {})]];
    });
    expect(services.map(([service, actions]) => `${service} ${actions}`)).toEqual([
      'logs.eu-west-1.amazonaws.com kms:Decrypt*,kms:Describe*,kms:Encrypt*,kms:GenerateDataKey*,kms:ReEncrypt*',
      'cloudwatch.amazonaws.com kms:Decrypt,kms:GenerateDataKey*',
      'sns.amazonaws.com kms:Decrypt,kms:GenerateDataKey*',
    ]);
    expect(services[0]?.[2]).toContain(':log-group:/aws/lambda/harbour-*');
    expect(services[2]?.[2]).toContain(':harbour-outcomes');
  });

  const kmsOf = (stack: Synthesised, policy: string) =>
    statementsOf(stack.resources('AWS::IAM::Policy')[policy]).filter(({ Action }) =>
      listOf(Action).some((action) => action.startsWith('kms:')),
    );
  const READ = ['kms:Decrypt', 'kms:DescribeKey'];
  const SEND = ['kms:Decrypt', 'kms:GenerateDataKey'];
  const WRITE = [
    ...READ,
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ];
  const expected: Record<keyof typeof FUNCTIONS, [actions: string[], services: string[]]> = {
    ingest: [WRITE, ['dynamodb', 'secretsmanager', 'sqs']],
    status: [READ, ['dynamodb']],
    catalog: [READ, ['dynamodb', 's3', 'secretsmanager']],
    apply: [WRITE, ['dynamodb', 's3', 'secretsmanager', 'sns', 'sqs']],
    sweep: [WRITE, ['dynamodb', 'sns', 'sqs']],
    reconcile: [WRITE, ['dynamodb', 'secretsmanager', 'sqs']],
    round: [
      [...READ, 'kms:GenerateDataKey'],
      ['dynamodb', 'sqs'],
    ],
    drift: [WRITE, ['dynamodb', 's3', 'secretsmanager', 'sns', 'sqs']],
    notify: [WRITE, ['dynamodb', 's3', 'secretsmanager', 'sqs']],
    plan: [WRITE, ['dynamodb', 's3', 'secretsmanager', 'sqs']],
    audit: [
      [...READ, 'kms:GenerateDataKey'],
      ['dynamodb', 's3', 'sqs'],
    ],
  };

  it.each(Object.entries(expected))(
    '%s may use it for what it may reach, through that service alone',
    (name, [a, s]) => {
      const [statement, ...others] = kmsOf(created, `${name}RoleDefaultPolicy`);
      expect(others).toEqual([]);
      expect(listOf(statement?.Action ?? []).toSorted()).toEqual(a.toSorted());
      expect(readable(statement?.Resource)).toBe('Key.Arn');
      const { StringEquals } = (statement?.Condition ?? {}) as { StringEquals?: Record<string, string | string[]> };
      const via = StringEquals?.['kms:ViaService'];
      expect(listOf(via ?? [])).toEqual(s.map((one) => `${one}.eu-west-1.amazonaws.com`));
    },
  );

  it.each(['sweep', 'reconcile', 'drift'])('the schedule of %s may send what did not start', (name) => {
    const [statement] = kmsOf(created, `Schedules${name}RoleDefaultPolicy`);
    expect(listOf(statement?.Action ?? []).toSorted()).toEqual(SEND);
  });

  it('changes nothing else of what a role may do', () => {
    const withoutKey = (stack: Synthesised) =>
      Object.entries(stack.resources('AWS::IAM::Policy')).map(([id, policy]) => [
        id,
        permissionLines(policy).filter((line) => !line.startsWith('kms:')),
      ]);
    expect(withoutKey(created)).toEqual(withoutKey(plain));
    expect(JSON.stringify(permissionLines(plain.resources('AWS::IAM::Policy').applyRoleDefaultPolicy))).not.toContain(
      'kms:',
    );
  });

  it('cdk-nag finds nothing in either', () => {
    for (const { stack } of [given, created]) {
      for (const pack of [new AwsSolutionsChecks(), new ServerlessChecks()]) {
        expect(pack.validateScope(stack).violations, pack.name).toEqual([]);
      }
    }
  });

  it('may be the key of another CDK app, which learns the services too', () => {
    const template = withBundles((bundles, outdir) => {
      const stack = new Stack(new App({ outdir }), 'Platform');
      const key = new Key(stack, 'Ours', { enableKeyRotation: true });
      new SegmentGroupChanges(stack, 'Changes', { name: 'emea', bundles, key });
      return Template.fromStack(stack);
    });
    template.resourceCountIs('AWS::KMS::Key', 1);
    expect(JSON.stringify(template.findResources('AWS::KMS::Key'))).toContain('cloudwatch.amazonaws.com');
  });
});
