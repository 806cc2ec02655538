import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { toTarget } from '../../cdk/outputs/target.ts';
import { BUCKET, FUNCTIONS, TOPIC } from '../../shared/deployment/resources.ts';
import { CONFIGURATION, readable, synthesise } from './synthesise.ts';

const { resources, propertiesOf, template, outputs } = synthesise();

describe('the HTTP front', () => {
  it('has the routes of the plain data', () => {
    const routes = Object.values(resources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties.RouteKey);
    expect(routes).toEqual([FUNCTIONS.ingest.route, FUNCTIONS.status.route, FUNCTIONS.catalog.route]);
    template.allResourcesProperties('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '2.0' });
  });

  it('is throttled, each route by itself, so that anonymous requests of one take nothing from the webhooks', () => {
    const { DefaultRouteSettings, RouteSettings } = propertiesOf('AWS::ApiGatewayV2::Stage', 'Stage');
    const limits = (rate: number, burst: number) => ({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst });
    expect(DefaultRouteSettings).toMatchObject(limits(5, 10));
    expect(RouteSettings).toEqual({
      [FUNCTIONS.ingest.route]: { ...limits(20, 40), DetailedMetricsEnabled: true },
      [FUNCTIONS.status.route]: { ...limits(10, 20), DetailedMetricsEnabled: true },
      [FUNCTIONS.catalog.route]: { ...limits(5, 10), DetailedMetricsEnabled: true },
    });
  });

  it('is given settings of a route after the route, which CloudFormation would not find otherwise', () => {
    const routes = Object.keys(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(resources('AWS::ApiGatewayV2::Stage').Stage?.DependsOn).toEqual(expect.arrayContaining(routes));
  });

  it('logs the route and never what would give a status link, header or query away', () => {
    const { AccessLogSettings } = propertiesOf('AWS::ApiGatewayV2::Stage', 'Stage') as {
      AccessLogSettings: { Format: string; DestinationArn: unknown };
    };
    expect(readable(AccessLogSettings.DestinationArn)).toBe('AccessLogs.Arn');
    const logged = Object.values(JSON.parse(AccessLogSettings.Format) as Record<string, string>);
    expect(logged.sort()).toEqual([
      '$context.error.message',
      '$context.identity.sourceIp',
      '$context.integrationErrorMessage',
      '$context.requestId',
      '$context.requestTimeEpoch',
      '$context.responseLatency',
      '$context.responseLength',
      '$context.routeKey',
      '$context.status',
    ]);
  });
});

describe('the rest', () => {
  it('reports are kept 400 days, retained, versioned, and reading them is logged', () => {
    const { Reports } = resources('AWS::S3::Bucket');
    expect(Reports).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(Reports?.Properties).not.toHaveProperty('BucketName');
    expect(Reports?.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { LogFilePrefix: `${BUCKET.name}/` },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 400, Status: 'Enabled' }] },
    });
  });

  it('the topic is named as in the plain data', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { TopicName: `harbour-${TOPIC.name}` });
  });

  it.each([
    ['sweep', 'sweep', 0, 60],
    ['reconcile', 'reconcile', 0, 300],
    ['drift', 'round', 1, 3600],
  ] as const)('%s runs as configured, by %s; what fails is kept', (name, started, retries, startWithin) => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: `harbour-${name}`,
      ScheduleExpression: CONFIGURATION.schedules[name],
      ScheduleExpressionTimezone: 'UTC',
      Target: {
        Arn: { Ref: Match.stringLikeRegexp(`^${started}FunctionAliaslive`) },
        Input: '{}',
        RetryPolicy: { MaximumEventAgeInSeconds: startWithin },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MissedRuns'), 'Arn'] } },
      },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp(`^${started}Function`) },
      MaximumRetryAttempts: retries,
      MaximumEventAgeInSeconds: startWithin,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MissedRuns'), 'Arn'] } },
      },
    });
  });

  it('the outputs name one address, for every source', () => {
    expect(readable(outputs.PublicUrl?.Value)).toBe('https://Api.execute-api.eu-west-1.AWS::URLSuffix');
    expect(Object.keys(outputs).sort()).toEqual([
      'AlarmsTopicArn',
      'AuditBucket',
      'ChangesQueueUrl',
      'FailuresQueueUrl',
      'OperatorPolicyArn',
      'OutcomesTopicArn',
      'PublicUrl',
      'ReportsBucket',
      'SettingsTable',
      'StewardPolicyArn',
      'TableName',
      'Version',
      'ViewerPolicyArn',
    ]);
  });

  it('the outputs become a target for the CLI', () => {
    const values = Object.entries(outputs).map(([name, { Value }]) => [name, readable(Value)]);
    const deployed = { ChangesQueueUrl: 'https://sqs/changes.fifo', FailuresQueueUrl: 'https://sqs/failures.fifo' };
    const given = { ...Object.fromEntries(values), ...deployed, PublicUrl: 'https://front.example.org' };
    expect(toTarget(given, CONFIGURATION)).toEqual({
      schemaVersion: 1,
      kind: 'aws',
      source: 'ops',
      ingestUrl: 'https://front.example.org',
      name: 'harbour',
      driftSchedule: CONFIGURATION.schedules.drift,
      env: {
        TABLE_NAME: 'Ledger',
        SETTINGS_TABLE: 'Settings',
        CHANGES_QUEUE_URL: 'https://sqs/changes.fifo',
        FAILURES_QUEUE_URL: 'https://sqs/failures.fifo',
        OUTCOMES_TOPIC_ARN: 'Outcomes',
        REPORTS_BUCKET: 'Reports',
        AUDIT_BUCKET: 'AuditTrail',
        AWS_REGION: 'eu-west-1',
      },
    });
    expect(toTarget(given, { ...CONFIGURATION, simulatedZpa: true }).env).toHaveProperty('SIMULATED_ZPA', 'true');
  });
});
