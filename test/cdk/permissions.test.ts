import { describe, expect, it } from 'vitest';
import { listing, READS_LEDGER, secrets, WRITES_LANES, within } from './permission-lines.ts';
import { listOf, permissionLines, readable, type Statement, statementsOf, synthesise } from './synthesise.ts';

const { resources } = synthesise();
const policies = resources('AWS::IAM::Policy');
const own = (name: string) => [
  `logs:CreateLogStream on ${name}Logs.Arn`,
  `logs:PutLogEvents on ${name}Logs.Arn`,
  'xray:PutTelemetryRecords on *',
  'xray:PutTraceSegments on *',
];
const LOADS_SETTINGS = 'dynamodb:Query on Settings.Arn';
const LISTS_CATALOGS = `s3:ListBucket on Reports.Arn ${listing('catalog/*')}`;
const LISTS_REPORTS = `s3:ListBucket on Reports.Arn ${listing('drift/*')}`;
const missedRuns = ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'].map(
  (a) => `${a} on MissedRuns.Arn`,
);

describe('what each function may do, and nothing else', () => {
  const allowed = {
    ingest: [
      ...own('ingest'),
      LOADS_SETTINGS,
      ...READS_LEDGER,
      ...WRITES_LANES,
      `dynamodb:PutItem on Ledger.Arn ${within('lanes', 'claim#*', 'delivery#*', 'status#*', 'withdrawn#*')}`,
      'dynamodb:Query on Ledger.Arn',
      'dynamodb:Query on Ledger.Arn/index/open',
      'sqs:SendMessage on Changes.Arn',
      'sqs:SendMessage on Plans.Arn',
      secrets('source/*'),
      secrets('tickets-read/*'),
      'secretsmanager:GetSecretValue on Secretsharbourstatus.Id',
    ],
    status: [...own('status'), ...READS_LEDGER],
    catalog: [
      ...own('catalog'),
      LOADS_SETTINGS,
      's3:GetObject on Reports.Arn/catalog/*',
      LISTS_CATALOGS,
      secrets('catalog/*'),
    ],
    apply: [
      ...own('apply'),
      LOADS_SETTINGS,
      ...READS_LEDGER,
      ...WRITES_LANES,
      `dynamodb:PutItem on Ledger.Arn ${within('readers#*')}`,
      'dynamodb:Query on Ledger.Arn',
      'dynamodb:Query on Ledger.Arn/index/open',
      'dynamodb:Query on Ledger.Arn/index/failed',
      's3:GetObject on Reports.Arn/catalog/*',
      LISTS_CATALOGS,
      'sqs:ChangeMessageVisibility on Changes.Arn',
      'sqs:DeleteMessage on Changes.Arn',
      'sqs:GetQueueAttributes on Changes.Arn',
      'sqs:ReceiveMessage on Changes.Arn',
      'sqs:SendMessage on Changes.Arn',
      'sqs:SendMessage on Failures.Arn',
      'sns:Publish on Outcomes',
      secrets('zpa/*/write'),
    ],
    sweep: [
      ...own('sweep'),
      LOADS_SETTINGS,
      ...missedRuns,
      ...READS_LEDGER,
      ...WRITES_LANES,
      `dynamodb:PutItem on Ledger.Arn ${within('lanes')}`,
      'dynamodb:Query on Ledger.Arn',
      'dynamodb:Query on Ledger.Arn/index/open',
      'sqs:SendMessage on Changes.Arn',
      'sqs:SendMessage on Failures.Arn',
      'sns:Publish on Outcomes',
    ],
    reconcile: [
      ...own('reconcile'),
      LOADS_SETTINGS,
      ...missedRuns,
      ...READS_LEDGER,
      ...WRITES_LANES,
      `dynamodb:PutItem on Ledger.Arn ${within('lanes', 'claim#*', 'status#*', 'withdrawn#*')}`,
      'dynamodb:Query on Ledger.Arn',
      'dynamodb:Query on Ledger.Arn/index/open',
      'dynamodb:Query on Ledger.Arn/index/failed',
      'sqs:SendMessage on Changes.Arn',
      'sqs:SendMessage on Plans.Arn',
      'sqs:ChangeMessageVisibility on Failures.Arn',
      'sqs:DeleteMessage on Failures.Arn',
      'sqs:ReceiveMessage on Failures.Arn',
      secrets('tickets-read/*'),
      'secretsmanager:GetSecretValue on Secretsharbourstatus.Id',
    ],
    round: [...own('round'), LOADS_SETTINGS, ...missedRuns, 'sqs:SendMessage on Lanes.Arn'],
    drift: [
      ...own('drift'),
      LOADS_SETTINGS,
      'sqs:DeleteMessage on Lanes.Arn',
      'sqs:GetQueueAttributes on Lanes.Arn',
      'sqs:ReceiveMessage on Lanes.Arn',
      ...READS_LEDGER,
      'dynamodb:Query on Ledger.Arn',
      'dynamodb:Query on Ledger.Arn/index/open',
      `dynamodb:PutItem on Ledger.Arn ${within('readers#*', 'ignores#*')}`,
      's3:GetObject on Reports.Arn/drift/*',
      LISTS_REPORTS,
      's3:GetObject on Reports.Arn/catalog/*',
      LISTS_CATALOGS,
      's3:PutObject on Reports.Arn/drift/*',
      's3:PutObject on Reports.Arn/catalog/*',
      'sns:Publish on Outcomes',
      secrets('zpa/*/read'),
    ],
    plan: [
      ...own('plan'),
      LOADS_SETTINGS,
      `dynamodb:GetItem on Ledger.Arn ${within('readers#*', 'plan#*')}`,
      `dynamodb:BatchGetItem on Ledger.Arn ${within('readers#*', 'plan#*')}`,
      `dynamodb:PutItem on Ledger.Arn ${within('readers#*', 'plan#*')}`,
      'sqs:DeleteMessage on Plans.Arn',
      'sqs:GetQueueAttributes on Plans.Arn',
      'sqs:ReceiveMessage on Plans.Arn',
      's3:GetObject on Reports.Arn/catalog/*',
      LISTS_CATALOGS,
      'secretsmanager:GetSecretValue on Secretsharbourstatus.Id',
      secrets('tickets/*'),
      secrets('zpa/*/read'),
    ],
    audit: [
      ...own('audit'),
      ...READS_LEDGER,
      'sqs:DeleteMessage on Audit.Arn',
      'sqs:GetQueueAttributes on Audit.Arn',
      'sqs:ReceiveMessage on Audit.Arn',
      's3:PutObject on AuditTrail.Arn/outcomes/*',
    ],
    notify: [
      ...own('notify'),
      LOADS_SETTINGS,
      ...READS_LEDGER,
      `dynamodb:PutItem on Ledger.Arn ${within('note#*', 'status#*')}`,
      'sqs:ChangeMessageVisibility on Notices.Arn',
      'sqs:DeleteMessage on Notices.Arn',
      'sqs:GetQueueAttributes on Notices.Arn',
      'sqs:ReceiveMessage on Notices.Arn',
      's3:GetObject on Reports.Arn/drift/*',
      LISTS_REPORTS,
      secrets('tickets/*'),
      'secretsmanager:GetSecretValue on Secretsharbourstatus.Id',
    ],
  };

  it.each(Object.entries(allowed))('%s', (name, lines) => {
    expect(permissionLines(policies[`${name}RoleDefaultPolicy`])).toEqual([...lines].sort());
  });

  it.each([
    ['sweep', 'sweep'],
    ['reconcile', 'reconcile'],
    ['drift', 'round'],
  ])('the schedule of %s starts %s and nothing else', (schedule, name) => {
    expect(permissionLines(policies[`Schedules${schedule}RoleDefaultPolicy`])).toEqual([
      `lambda:InvokeFunction on ${name}FunctionAliaslive`,
      'sqs:SendMessage on MissedRuns.Arn',
    ]);
  });

  it('there is no other policy, no managed one and none inline', () => {
    expect(Object.keys(policies)).toHaveLength(14);
    for (const [id, role] of Object.entries(resources('AWS::IAM::Role'))) {
      expect(role.Properties, id).not.toHaveProperty('ManagedPolicyArns');
      expect(role.Properties, id).not.toHaveProperty('Policies');
    }
  });
});

describe('who may act for whom', () => {
  it('a role is assumed by Lambda, or by Scheduler for this account only', () => {
    for (const [id, role] of Object.entries(resources('AWS::IAM::Role'))) {
      const { AssumeRolePolicyDocument: trust } = role.Properties as {
        AssumeRolePolicyDocument: { Statement: Statement[] };
      };
      const scheduler = {
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      };
      const expected = id.startsWith('Schedules') ? scheduler : { Principal: { Service: 'lambda.amazonaws.com' } };
      expect(trust.Statement, id).toEqual([{ Effect: 'Allow', Action: 'sts:AssumeRole', ...expected }]);
    }
  });

  it('API Gateway calls ingest, status and catalog, each on its own route', () => {
    const permissions = Object.values(resources('AWS::Lambda::Permission')).map(({ Properties: p }) => [
      p.Principal,
      readable(p.FunctionName),
      readable(p.SourceArn),
    ]);
    const api = 'arn:aws:execute-api:eu-west-1:AWS::AccountId:Api/*/*';
    expect(permissions).toEqual([
      ['apigateway.amazonaws.com', 'ingestFunctionAliaslive', `${api}/webhooks/{source}`],
      ['apigateway.amazonaws.com', 'statusFunctionAliaslive', `${api}/changes/{token}`],
      ['apigateway.amazonaws.com', 'catalogFunctionAliaslive', `${api}/catalog`],
    ]);
  });

  it('no resource policy lets in anybody but a named service', () => {
    const kinds = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy', 'AWS::S3::BucketPolicy'];
    const allowed = kinds
      .flatMap((kind) => Object.values(resources(kind)))
      .flatMap(statementsOf)
      .filter(({ Effect }) => Effect === 'Allow')
      .map(({ Action, Principal, Resource }) => [Principal, listOf(Action), readable(Resource)]);
    expect(allowed).toEqual([
      [{ Service: 'sns.amazonaws.com' }, ['sqs:SendMessage'], 'NoticesFailed.Arn'],
      [{ Service: 'sns.amazonaws.com' }, ['sqs:SendMessage'], 'Notices.Arn'],
      [{ Service: 'sns.amazonaws.com' }, ['sqs:SendMessage'], 'AuditFailed.Arn'],
      [{ Service: 'sns.amazonaws.com' }, ['sqs:SendMessage'], 'Audit.Arn'],
      [{ Service: 'cloudwatch.amazonaws.com' }, ['sns:Publish'], 'Alarms'],
      [{ Service: 'logging.s3.amazonaws.com' }, ['s3:PutObject'], 'ReportsAccessLogs.Arn/reports/*'],
      [{ Service: 'logging.s3.amazonaws.com' }, ['s3:PutObject'], 'ReportsAccessLogs.Arn/audit/*'],
    ]);
  });
});
