import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  AUDIT,
  DRIFT,
  ENVIRONMENT,
  FUNCTIONS,
  type FunctionName,
  NOTICES,
  PLANS,
  QUEUES,
  SETTINGS_TABLE,
  TABLE,
} from '../../shared/deployment/resources.ts';
import { TIMING, timingFaults } from '../../shared/domain/ledger/timing.ts';
import { CONFIGURATION, readable, synthesise } from './synthesise.ts';

const { resources, propertiesOf, template } = synthesise();
const names = Object.keys(FUNCTIONS) as FunctionName[];

describe('the ledger', () => {
  it('has the keys and indexes of the plain data', () => {
    const index = ({ name, key }: { name: string; key: string }) => ({
      IndexName: name,
      KeySchema: [
        { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
        { AttributeName: key, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    });
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        TableName: 'harbour-ledger',
        KeySchema: [
          { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
          { AttributeName: TABLE.sortKey, KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: TABLE.partitionKey, AttributeType: 'S' },
          { AttributeName: TABLE.sortKey, AttributeType: 'S' },
          { AttributeName: TABLE.openIndex.key, AttributeType: 'N' },
          { AttributeName: TABLE.failedIndex.key, AttributeType: 'N' },
        ],
        LocalSecondaryIndexes: [index(TABLE.openIndex), index(TABLE.failedIndex)],
        TimeToLiveSpecification: { AttributeName: TABLE.timeToLive, Enabled: true },
      },
    });
  });

  it('is on demand, restorable to any second of 35 days, and outlives the stack', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: 'harbour-ledger',
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      },
    });
  });
});

describe('the settings', () => {
  it('are a table of their own, kept and protected as the ledger is', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: `harbour-${SETTINGS_TABLE.name}`,
        KeySchema: [
          { AttributeName: SETTINGS_TABLE.partitionKey, KeyType: 'HASH' },
          { AttributeName: SETTINGS_TABLE.sortKey, KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: SETTINGS_TABLE.partitionKey, AttributeType: 'S' },
          { AttributeName: SETTINGS_TABLE.sortKey, AttributeType: 'N' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      },
    });
  });
});

describe('the queues', () => {
  it('changes is FIFO and gives up into failures after as many receives as the timing says', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: `harbour-${QUEUES.changes.name}`,
      FifoQueue: true,
      ContentBasedDeduplication: Match.absent(),
      VisibilityTimeout: QUEUES.changes.visibilityTimeoutSeconds,
      MessageRetentionPeriod: QUEUES.changes.retentionSeconds,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Failures'), 'Arn'] },
        maxReceiveCount: QUEUES.changes.maxReceiveCount,
      },
    });
  });

  it('failures is FIFO and takes from changes alone', () => {
    const Properties = propertiesOf('AWS::SQS::Queue', 'Failures');
    expect(Properties).toMatchObject({
      QueueName: `harbour-${QUEUES.failures.name}`,
      FifoQueue: true,
      VisibilityTimeout: QUEUES.failures.visibilityTimeoutSeconds,
      MessageRetentionPeriod: QUEUES.failures.retentionSeconds,
    });
    const { redrivePermission, sourceQueueArns } = Properties.RedriveAllowPolicy as Record<string, unknown[]>;
    expect(redrivePermission).toBe('byQueue');
    expect(sourceQueueArns?.map(readable)).toEqual(['arn:aws:sqs:eu-west-1:AWS::AccountId:harbour-changes.fifo']);
  });

  it('notices takes outcomes as they are and gives up into notices-failed', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: `harbour-${NOTICES.name}`,
      FifoQueue: Match.absent(),
      VisibilityTimeout: NOTICES.visibilityTimeoutSeconds,
      MessageRetentionPeriod: NOTICES.retentionSeconds,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^NoticesFailed'), 'Arn'] },
        maxReceiveCount: NOTICES.maxReceiveCount,
      },
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      RawMessageDelivery: true,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^NoticesFailed'), 'Arn'] } },
    });
    expect(NOTICES.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(6 * FUNCTIONS.notify.timeoutSeconds);
  });

  it('plans wait in order per ticket and give up into plans-missed', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: `harbour-${PLANS.name}`,
      FifoQueue: true,
      VisibilityTimeout: PLANS.visibilityTimeoutSeconds,
      MessageRetentionPeriod: PLANS.retentionSeconds,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PlansMissed'), 'Arn'] },
        maxReceiveCount: PLANS.maxReceiveCount,
      },
    });
    expect(PLANS.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(6 * FUNCTIONS.plan.timeoutSeconds);
  });

  it('lanes of a drift round give up into drift-missed, before the round counts as late', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: `harbour-${DRIFT.name}`,
      FifoQueue: true,
      VisibilityTimeout: DRIFT.visibilityTimeoutSeconds,
      MessageRetentionPeriod: DRIFT.retentionSeconds,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LanesMissed'), 'Arn'] },
        maxReceiveCount: DRIFT.maxReceiveCount,
      },
    });
    expect(DRIFT.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(6 * FUNCTIONS.drift.timeoutSeconds);
    // A late round is told before the queue forgets its lanes.
    expect(DRIFT.lateAfterSeconds).toBeGreaterThan(DRIFT.maxReceiveCount * DRIFT.visibilityTimeoutSeconds);
    expect(DRIFT.retentionSeconds).toBeGreaterThan(DRIFT.lateAfterSeconds);
  });

  it('audit takes outcomes as they are, gives up into audit-failed, and is told of before that if nothing is tried', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: `harbour-${AUDIT.name}`,
      FifoQueue: Match.absent(),
      VisibilityTimeout: AUDIT.visibilityTimeoutSeconds,
      MessageRetentionPeriod: AUDIT.retentionSeconds,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditFailed'), 'Arn'] },
        maxReceiveCount: AUDIT.maxReceiveCount,
      },
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      RawMessageDelivery: true,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditFailed'), 'Arn'] } },
    });
    expect(AUDIT.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(6 * FUNCTIONS.audit.timeoutSeconds);
    // A message that is tried is given up before its age is an alarm.
    expect(AUDIT.lateAfterSeconds).toBeGreaterThan(AUDIT.maxReceiveCount * AUDIT.visibilityTimeoutSeconds);
    expect(AUDIT.retentionSeconds).toBeGreaterThan(AUDIT.lateAfterSeconds);
  });

  it.each([
    ['Failures', QUEUES.failures.name],
    ['NoticesFailed', NOTICES.deadLetterQueue],
    ['PlansMissed', PLANS.deadLetterQueue],
    ['LanesMissed', DRIFT.deadLetterQueue],
    ['AuditFailed', AUDIT.deadLetterQueue],
    ['MissedRuns', 'missed-runs'],
  ])('%s keeps what was given up for fourteen days', (id, name) => {
    const { QueueName, FifoQueue = false, MessageRetentionPeriod } = propertiesOf('AWS::SQS::Queue', id);
    expect([QueueName, FifoQueue]).toEqual([`harbour-${name}`, name.endsWith('.fifo')]);
    expect(MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  it('a message stays hidden for at least six function timeouts, and the other numbers hold too', () => {
    expect(QUEUES.changes.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(6 * FUNCTIONS.apply.timeoutSeconds);
    expect(timingFaults(TIMING)).toEqual([]);
  });
});

describe('the functions', () => {
  it.each(names)('%s is what the plain data says', (name) => {
    const Properties = propertiesOf('AWS::Lambda::Function', `${name}Function`);
    expect(Properties).toMatchObject({
      FunctionName: `harbour-${name}`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: FUNCTIONS[name].timeoutSeconds,
      MemorySize: FUNCTIONS[name].memoryMb,
      TracingConfig: { Mode: 'Active' },
    });
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    expect(Object.keys(Variables).sort()).toEqual([...ENVIRONMENT[name], 'NODE_OPTIONS'].sort());
    expect(Variables.NODE_OPTIONS).toBe('--enable-source-maps');
  });

  it('there are no others', () => {
    expect(Object.keys(resources('AWS::Lambda::Function'))).toEqual(names.map((name) => `${name}Function`));
  });

  it('the environment leads to the right resources', () => {
    const { Variables } = propertiesOf('AWS::Lambda::Function', 'applyFunction').Environment as {
      Variables: Record<string, unknown>;
    };
    const apply = Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, readable(value)]));
    expect(apply).toMatchObject({
      STACK_NAME: 'harbour',
      SETTINGS_TABLE: 'Settings',
      TABLE_NAME: 'Ledger',
      CHANGES_QUEUE_URL: 'Changes',
      FAILURES_QUEUE_URL: 'Failures',
      OUTCOMES_TOPIC_ARN: 'Outcomes',
    });
    expect(apply).not.toHaveProperty('SIMULATED_ZPA');
  });

  it('a stack for a trial alone lets settings name an address that credentials are sent to', () => {
    const { propertiesOf: inTrial } = synthesise({ ...CONFIGURATION, simulatedZpa: true });
    expect(inTrial('AWS::Lambda::Function', 'applyFunction').Environment).toHaveProperty(
      ['Variables', 'SIMULATED_ZPA'],
      'true',
    );
  });

  it('the worker reports partial failures and has two more batches in flight than lanes are worked at a time', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: QUEUES.changes.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 7 + 2 },
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Changes'), 'Arn'] },
    });
  });

  it('notify reports partial failures too, a few batches at once', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: NOTICES.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Notices[0-9A-F]'), 'Arn'] },
    });
  });

  it('drift reads one lane per invocation, with a concurrency of its own', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: DRIFT.concurrency },
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Lanes[0-9A-F]'), 'Arn'] },
    });
  });

  it('plans are made one by one, two at once', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: PLANS.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Plans[0-9A-F]'), 'Arn'] },
    });
  });

  it('audit lines are written in batches, two at once', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: AUDIT.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Audit[0-9A-F]'), 'Arn'] },
    });
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 5);
  });
});

describe('logs', () => {
  it('each function has its group before its first line, and every group forgets after 30 days', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    const groups = Object.values(resources('AWS::Logs::LogGroup')).map(({ Properties }) => Properties.LogGroupName);
    const own = names.map((name) => `/aws/lambda/harbour-${name}`);
    expect(groups.sort()).toEqual([...own, '/aws/vendedlogs/harbour/access'].sort());
    for (const name of names) {
      const { LoggingConfig } = propertiesOf('AWS::Lambda::Function', `${name}Function`) as {
        LoggingConfig: { LogGroup: unknown };
      };
      expect(readable(LoggingConfig.LogGroup)).toBe(`${name}Logs`);
    }
  });
});
