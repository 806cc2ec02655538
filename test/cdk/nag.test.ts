import { Aspects, Validations } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { StackConfiguration } from '../../cdk/configuration/stack-configuration.ts';
import { CONFIGURATION, synthesise } from './synthesise.ts';

const nag = (configuration: StackConfiguration) =>
  synthesise(configuration, (app) => {
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  });
const nagged = nag(CONFIGURATION);

type Acknowledged = { path: string; id: string; reason: string };

/** Every acknowledgement in the tree, as CDK records it. */
function acknowledged(): Acknowledged[] {
  return nagged.stack.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries(data as Record<string, string | { reason: string }>).map(([id, told]) => ({
          path: node.path.replace(/^harbour\/(Default\/)?/, ''),
          id: id.replace(/^.*::(?=AwsSolutions-|Serverless-)/, ''),
          reason: typeof told === 'string' ? told : told.reason,
        })),
      ),
  );
}

describe('cdk-nag', () => {
  it.each([
    ['any account', nagged],
    ['one account', nag({ ...CONFIGURATION, account: '123456789012' })],
  ])('AwsSolutions and Serverless find nothing in a stack for %s', (_, { stack }) => {
    for (const pack of [new AwsSolutionsChecks(), new ServerlessChecks()]) {
      expect(pack.validateScope(stack).violations, pack.name).toEqual([]);
    }
  });

  it('these exceptions and no others are made, each on one resource', () => {
    const functions = [
      'ingest',
      'status',
      'catalog',
      'apply',
      'sweep',
      'reconcile',
      'round',
      'drift',
      'notify',
      'plan',
      'audit',
    ];
    const secrets = {
      ingest: ['source/*', 'tickets-read/*'],
      catalog: ['catalog/*'],
      apply: ['zpa/*/write'],
      reconcile: ['tickets-read/*'],
      drift: ['zpa/*/read'],
      notify: ['tickets/*'],
      plan: ['zpa/*/read', 'tickets/*'],
    };
    const secretsOf = (pattern: string) =>
      `AwsSolutions-IAM5[Resource::arn:aws:secretsmanager:eu-west-1:<AWS::AccountId>:secret:harbour/${pattern}-??????]`;
    const expected = [
      ...functions.map((name) => `${name}/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::*]`),
      ...['viewer', 'operator', 'steward'].flatMap((role) =>
        ['<Reports.Arn>/drift/*', '<AuditTrail.Arn>/outcomes/*', '<AuditTrail.Arn>/acts/*'].map(
          (objects) => `Roles/${role}/Resource AwsSolutions-IAM5[Resource::${objects}]`,
        ),
      ),
      ...['operator', 'steward'].flatMap((role) =>
        ['zpa/*/read', 'source/ops'].map((pattern) => `Roles/${role}/Resource ${secretsOf(pattern)}`),
      ),
      ...functions.map((name) => `${name}/Function/Resource Serverless-LambdaDLQ`),
      'Secrets/harbour--status AwsSolutions-SMG4',
      ...Object.entries(secrets).flatMap(([name, patterns]) =>
        patterns.map((pattern) => `${name}/Role/DefaultPolicy/Resource ${secretsOf(pattern)}`),
      ),
      'drift/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::<Reports.Arn>/drift/*]',
      'drift/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::<Reports.Arn>/catalog/*]',
      'notify/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::<Reports.Arn>/drift/*]',
      'catalog/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::<Reports.Arn>/catalog/*]',
      'apply/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::<Reports.Arn>/catalog/*]',
      'audit/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::<AuditTrail.Arn>/outcomes/*]',
      'apply/Function/Changes/Resource Serverless-LambdaEventSourceMappingDestination',
      'Api/ANY--webhooks--{source}/Resource AwsSolutions-APIG4',
      'Api/GET--changes--{token}/Resource AwsSolutions-APIG4',
      'Api/GET--catalog/Resource AwsSolutions-APIG4',
      'notify/Function/Notices/Resource Serverless-LambdaEventSourceMappingDestination',
      'plan/Function/Plans/Resource Serverless-LambdaEventSourceMappingDestination',
      'drift/Function/Lanes/Resource Serverless-LambdaEventSourceMappingDestination',
      'audit/Function/Outcomes/Resource Serverless-LambdaEventSourceMappingDestination',
      'plan/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::<Reports.Arn>/catalog/*]',
      'Failures/Resource Serverless-SQSRedrivePolicy',
      'NoticesFailed/Resource Serverless-SQSRedrivePolicy',
      'PlansMissed/Resource Serverless-SQSRedrivePolicy',
      'AuditFailed/Resource Serverless-SQSRedrivePolicy',
      'LanesMissed/Resource Serverless-SQSRedrivePolicy',
      'MissedRuns/Resource AwsSolutions-SQS3',
      'MissedRuns/Resource Serverless-SQSRedrivePolicy',
      'ReportsAccessLogs/Resource AwsSolutions-S1',
      'Alarms/watch@example.org/Resource Serverless-SNSRedrivePolicy',
    ];
    const made = acknowledged().map(({ path, id }) => `${path} ${id}`);
    expect(made.map((line) => line.replace(/<(Reports|AuditTrail)\w{8}\./, '<$1.')).sort()).toEqual(expected.sort());
  });

  it('every exception has a reason of a sentence at least', () => {
    expect(acknowledged().filter(({ reason }) => reason.length < 40)).toEqual([]);
  });
});

describe('template validation', () => {
  it('is strict: a property that CloudFormation does not know fails the synthesis', () => {
    const synthesiseWithMistake = () =>
      synthesise(CONFIGURATION, (app) => {
        Aspects.of(app).add({
          visit: (node) => {
            if (node instanceof CfnQueue) node.addPropertyOverride('VisibilityTimeOut', 30);
          },
        });
      });
    expect(synthesiseWithMistake).toThrow(/VisibilityTimeOut/);
  });
});
