import { Duration, Stack } from 'aws-cdk-lib';
import {
  Queue,
  QueueEncryption,
  type QueueProps,
  type RedriveAllowPolicy,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { NOTICES, PLANS, QUEUES } from '../../shared/deployment/resources.ts';
import { acknowledge } from '../nag/acknowledge.ts';

export type Queues = {
  changes: Queue;
  failures: Queue;
  missedRuns: Queue;
  notices: Queue;
  noticesFailed: Queue;
  plans: Queue;
  plansMissed: Queue;
};

/** Encryption with SQS's own key (docs/adr/0002-encryption-keys.md), and access by TLS only. */
const SECURE = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const satisfies QueueProps;

/** Forbids other queues to use a queue as their dead-letter queue. */
const NO_SOURCE_QUEUES: RedriveAllowPolicy = { redrivePermission: RedrivePermission.DENY_ALL };

/**
 * Creates the queues of `shared/deployment/resources.ts` and `missed-runs`, which receives scheduled runs that did not
 * start or failed. `missed-runs` is a standard queue, because neither EventBridge Scheduler nor Lambda sends undelivered
 * events to a FIFO queue.
 */
export function createQueues(scope: Construct, name: string): Queues {
  const missedRuns = new Queue(scope, 'MissedRuns', {
    ...SECURE,
    queueName: `${name}-missed-runs`,
    retentionPeriod: Duration.days(14),
    redriveAllowPolicy: NO_SOURCE_QUEUES,
  });
  const [changes, failures] = createChangeQueues(scope, name);
  acknowledgeLastQueues(failures, missedRuns);
  return { changes, failures, missedRuns, ...createNoticeQueues(scope, name), ...createPlanQueues(scope, name) };
}

/** Creates the queue of notices, and its dead-letter queue for notices that could not be written to their tickets. */
function createNoticeQueues(scope: Construct, name: string): Pick<Queues, 'notices' | 'noticesFailed'> {
  const noticesName = `${name}-${NOTICES.name}`;
  const noticesArn = Stack.of(scope).formatArn({ service: 'sqs', resource: noticesName });
  const noticesFailed = new Queue(scope, 'NoticesFailed', {
    ...SECURE,
    queueName: `${name}-${NOTICES.deadLetterQueue}`,
    retentionPeriod: Duration.seconds(NOTICES.retentionSeconds),
    redriveAllowPolicy: { sourceQueues: [Queue.fromQueueArn(scope, 'NoticesByName', noticesArn)] },
  });
  acknowledge(
    noticesFailed,
    'Serverless-SQSRedrivePolicy',
    'It is the dead-letter queue of notices: what lies here waits for a person, and an alarm calls one.',
  );
  const notices = new Queue(scope, 'Notices', {
    ...SECURE,
    queueName: noticesName,
    visibilityTimeout: Duration.seconds(NOTICES.visibilityTimeoutSeconds),
    retentionPeriod: Duration.seconds(NOTICES.retentionSeconds),
    deadLetterQueue: { queue: noticesFailed, maxReceiveCount: NOTICES.maxReceiveCount },
    redriveAllowPolicy: NO_SOURCE_QUEUES,
  });
  return { notices, noticesFailed };
}

/** Creates the queue of plan requests, and its dead-letter queue for plans that could not be made. */
function createPlanQueues(scope: Construct, name: string): Pick<Queues, 'plans' | 'plansMissed'> {
  const plansName = `${name}-${PLANS.name}`;
  const plansArn = Stack.of(scope).formatArn({ service: 'sqs', resource: plansName });
  const fifo = { ...SECURE, fifo: true };
  const plansMissed = new Queue(scope, 'PlansMissed', {
    ...fifo,
    queueName: `${name}-${PLANS.deadLetterQueue}`,
    retentionPeriod: Duration.days(14),
    redriveAllowPolicy: { sourceQueues: [Queue.fromQueueArn(scope, 'PlansByName', plansArn)] },
  });
  acknowledge(
    plansMissed,
    'Serverless-SQSRedrivePolicy',
    'It is the dead-letter queue of plans.fifo: what lies here waits for a person, and an alarm calls one.',
  );
  const plans = new Queue(scope, 'Plans', {
    ...fifo,
    queueName: plansName,
    visibilityTimeout: Duration.seconds(PLANS.visibilityTimeoutSeconds),
    retentionPeriod: Duration.seconds(PLANS.retentionSeconds),
    deadLetterQueue: { queue: plansMissed, maxReceiveCount: PLANS.maxReceiveCount },
    redriveAllowPolicy: NO_SOURCE_QUEUES,
  });
  return { plans, plansMissed };
}

function createChangeQueues(scope: Construct, name: string): [changes: Queue, failures: Queue] {
  const changesName = `${name}-${QUEUES.changes.name}`;
  const changesArn = Stack.of(scope).formatArn({ service: 'sqs', resource: changesName });
  const failures = new Queue(scope, 'Failures', {
    ...SECURE,
    queueName: `${name}-${QUEUES.failures.name}`,
    fifo: true,
    visibilityTimeout: Duration.seconds(QUEUES.failures.visibilityTimeoutSeconds),
    retentionPeriod: Duration.seconds(QUEUES.failures.retentionSeconds),
    // The ARN is built by name, because `changes` refers to this queue and CloudFormation forbids circular references.
    redriveAllowPolicy: { sourceQueues: [Queue.fromQueueArn(scope, 'ChangesByName', changesArn)] },
  });
  const changes = new Queue(scope, 'Changes', {
    ...SECURE,
    queueName: changesName,
    fifo: true,
    visibilityTimeout: Duration.seconds(QUEUES.changes.visibilityTimeoutSeconds),
    retentionPeriod: Duration.seconds(QUEUES.changes.retentionSeconds),
    deadLetterQueue: { queue: failures, maxReceiveCount: QUEUES.changes.maxReceiveCount },
    redriveAllowPolicy: NO_SOURCE_QUEUES,
  });
  return [changes, failures];
}

function acknowledgeLastQueues(failures: Queue, missedRuns: Queue): void {
  acknowledge(
    failures,
    'Serverless-SQSRedrivePolicy',
    'It is the dead-letter queue of changes.fifo: what lies here waits for a person, and an alarm calls one.',
  );
  const reason =
    'It is the last place for scheduled runs that failed. No function reads it, so nothing in it can fail again; ' +
    'an alarm calls a person.';
  acknowledge(missedRuns, 'AwsSolutions-SQS3', reason);
  acknowledge(missedRuns, 'Serverless-SQSRedrivePolicy', reason);
}
