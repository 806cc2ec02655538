import { describe, expect, it } from 'vitest';
import { stackSchema } from '../../cdk/configuration/stack-configuration.ts';
import { ROLES } from '../../shared/deployment/roles.ts';
import { listing, READS_LEDGER, secrets, WRITES_LANES, within } from './permission-lines.ts';
import { CONFIGURATION, listOf, permissionLines, readable, statementsOf, synthesise } from './synthesise.ts';

const { resources, outputs } = synthesise();
const policies = resources('AWS::IAM::ManagedPolicy');

const viewer = [
  'dynamodb:Query on Settings.Arn',
  ...READS_LEDGER,
  'dynamodb:Query on Ledger.Arn',
  'dynamodb:Query on Ledger.Arn/index/open',
  'dynamodb:Query on Ledger.Arn/index/failed',
  's3:GetObject on Reports.Arn/drift/*',
  `s3:ListBucket on Reports.Arn ${listing('drift/*')}`,
  's3:GetObject on AuditTrail.Arn/outcomes/*',
  's3:GetObject on AuditTrail.Arn/acts/*',
  `s3:ListBucket on AuditTrail.Arn ${listing('outcomes/*', 'acts/*')}`,
];
const operator = [
  ...viewer,
  ...WRITES_LANES,
  `dynamodb:PutItem on Ledger.Arn ${within('readers#*')}`,
  'sqs:SendMessage on Changes.Arn',
  'sqs:SendMessage on Failures.Arn',
  'sqs:ReceiveMessage on Failures.Arn',
  'sqs:DeleteMessage on Failures.Arn',
  'sqs:ChangeMessageVisibility on Failures.Arn',
  'sns:Publish on Outcomes',
  secrets('zpa/*/read'),
  secrets('source/ops'),
  's3:PutObject on AuditTrail.Arn/acts/*',
];
const allowed = {
  viewer,
  operator,
  steward: [...operator, `dynamodb:PutItem on Ledger.Arn ${within('ignores#*')}`, 'dynamodb:PutItem on Settings.Arn'],
};

describe('the policies of people', () => {
  it.each(Object.entries(allowed))('%s may do this, and nothing else', (role, lines) => {
    expect(permissionLines(policies[`Roles${role}`])).toEqual([...lines].sort());
  });

  it('are three, are attached to nobody, and are told to whoever deploys', () => {
    expect(Object.keys(policies)).toEqual(ROLES.map((role) => `Roles${role}`));
    for (const { Properties } of Object.values(policies)) {
      expect(Properties).not.toHaveProperty('Users');
      expect(Properties).not.toHaveProperty('Roles');
      expect(Properties).not.toHaveProperty('Groups');
    }
    expect(readable(outputs.OperatorPolicyArn?.Value)).toBe('Rolesoperator');
  });

  it('allow the use of a key of one’s own through the services that each role uses, and a viewer no encryption', () => {
    const own = synthesise(stackSchema.parse({ ...CONFIGURATION, key: 'create' })).resources('AWS::IAM::ManagedPolicy');
    const ofKey = (role: string) =>
      statementsOf(own[`Roles${role}`]).filter(({ Resource }) => readable(Resource) === 'Key.Arn');
    const [viewers, ...others] = ofKey('viewer');
    expect(others).toEqual([]);
    expect(listOf(viewers?.Action ?? [])).toEqual(['kms:Decrypt', 'kms:DescribeKey']);
    expect(viewers?.Condition).toEqual({
      StringEquals: { 'kms:ViaService': ['dynamodb.eu-west-1.amazonaws.com', 's3.eu-west-1.amazonaws.com'] },
    });
    expect(listOf(ofKey('operator')[0]?.Action ?? [])).toContain('kms:GenerateDataKey');
  });
});
