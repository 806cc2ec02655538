import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { permissionLines, type Resource, readable, type Statement, statementsOf, synthesise } from './synthesise.ts';

const { resources, propertiesOf, template } = synthesise();
const plainHttp = { Bool: { 'aws:SecureTransport': 'false' } };

describe('encrypted at rest', () => {
  it('every queue, with SQS’s own key', () => {
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  });

  it('every topic: outcomes with the account’s SNS key, alarms with one that CloudWatch may use', () => {
    const keys = Object.entries(resources('AWS::SNS::Topic')).map(([id, topic]) => [
      id,
      readable(topic.Properties.KmsMasterKeyId),
    ]);
    expect(keys).toEqual([
      ['Outcomes', expect.stringMatching(/alias\/aws\/sns$/)],
      ['Alarms', 'AlarmsKey.Arn'],
    ]);
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
          },
        ]),
      },
    });
  });

  it('every bucket, and none of it public', () => {
    template.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });
});

describe('TLS only', () => {
  const policies: [queue: string, kind: string, guarded: string][] = [
    ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'],
    ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'],
    ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket'],
  ];

  it.each(policies)('every %s refuses plain HTTP', (type, kind, guarded) => {
    const refusing = Object.values(resources(kind)).filter((policy) => statementsOf(policy).some(refusesPlainHttp));
    const covered = refusing.flatMap((policy) => [policy.Properties[guarded]].flat().map(readable)).sort();
    expect(covered).toEqual(Object.keys(resources(type)).sort());
  });

  it.each([
    ['Ledger', 'ledger'],
    ['Settings', 'settings'],
  ])('the table %s and its indexes refuse plain HTTP', (id, name) => {
    const { ResourcePolicy } = propertiesOf('AWS::DynamoDB::Table', id) as {
      ResourcePolicy: Resource['Properties'];
    };
    const policy = { Type: '', Properties: ResourcePolicy };
    const table = `arn:aws:dynamodb:eu-west-1:AWS::AccountId:table/harbour-${name}`;
    const plain = `if ${JSON.stringify({ Bool: { 'aws:SecureTransport': 'false' } })}`;
    expect(permissionLines(policy)).toEqual([
      `deny dynamodb:* on ${table} ${plain}`,
      `deny dynamodb:* on ${table}/index/* ${plain}`,
    ]);
    expect(statementsOf(policy).every(refusesPlainHttp)).toBe(true);
  });

  function refusesPlainHttp({ Effect, Principal, Condition }: Statement): boolean {
    const anybody = ['*', '{"AWS":"*"}'].includes(readable(Principal));
    return Effect === 'Deny' && anybody && JSON.stringify(Condition) === JSON.stringify(plainHttp);
  }
});

describe('secrets', () => {
  it('the key of status links is the only one, and Secrets Manager makes its value', () => {
    const secrets = Object.values(resources('AWS::SecretsManager::Secret')).map(({ Properties }) => Properties);
    const GenerateSecretString = { PasswordLength: 64, ExcludePunctuation: true };
    expect(secrets).toMatchObject([{ Name: 'harbour/status', GenerateSecretString }]);
    expect(secrets[0]).not.toHaveProperty('SecretString');
  });

  it('none is in a function’s environment, by value or by reference', () => {
    const secretIds = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
    const environments = JSON.stringify(
      Object.values(resources('AWS::Lambda::Function')).map(({ Properties }) => Properties.Environment),
    );
    expect(secretIds.filter((id) => environments.includes(id))).toEqual([]);
    expect(environments).not.toContain('resolve:secretsmanager');
  });
});
