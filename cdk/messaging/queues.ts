import { Duration, Stack } from 'aws-cdk-lib';
import {
  Queue,
  QueueEncryption,
  type QueueProps,
  type RedriveAllowPolicy,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { AUDIT, DRIFT, NOTICES, PLANS, QUEUES } from '../../shared/deployment/resources.ts';
import { acknowledge } from '../nag/acknowledge.ts';

export type Queues = {
  changes: Queue;
  failures: Queue;
  missedRuns: Queue;
  notices: Queue;
  noticesFailed: Queue;
  plans: Queue;
  plansMissed: Queue;
  drift: Queue;
  driftMissed: Queue;
  audit: Queue;
  auditFailed: Queue;
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
  const [notices, noticesFailed] = createOutcomeQueue(scope, name, 'Notices', NOTICES);
  const [audit, auditFailed] = createOutcomeQueue(scope, name, 'Audit', AUDIT);
  const [plans, plansMissed] = createWorkQueue(scope, name, 'Plans', PLANS);
  const [drift, driftMissed] = createWorkQueue(scope, name, 'Lanes', DRIFT);
  const work = { plans, plansMissed, drift, driftMissed };
  return { changes, failures, missedRuns, notices, noticesFailed, audit, auditFailed, ...work };
}

type OutcomeQueue = typeof NOTICES | typeof AUDIT;

/** Creates a queue of outcomes, and its dead-letter queue for those that could not be dealt with; `id` begins the ids of both. */
function createOutcomeQueue(
  scope: Construct,
  name: string,
  id: string,
  { name: ownName, deadLetterQueue, ...queue }: OutcomeQueue,
): [outcomes: Queue, failed: Queue] {
  const queueName = `${name}-${ownName}`;
  const arn = Stack.of(scope).formatArn({ service: 'sqs', resource: queueName });
  const retentionPeriod = Duration.seconds(queue.retentionSeconds);
  const failed = new Queue(scope, `${id}Failed`, {
    ...SECURE,
    queueName: `${name}-${deadLetterQueue}`,
    retentionPeriod,
    redriveAllowPolicy: { sourceQueues: [Queue.fromQueueArn(scope, `${id}ByName`, arn)] },
  });
  acknowledge(
    failed,
    'Serverless-SQSRedrivePolicy',
    `It is the dead-letter queue of ${ownName}: what lies here waits for a person, and an alarm calls one.`,
  );
  const outcomes = new Queue(scope, id, {
    ...SECURE,
    queueName,
    visibilityTimeout: Duration.seconds(queue.visibilityTimeoutSeconds),
    retentionPeriod,
    deadLetterQueue: { queue: failed, maxReceiveCount: queue.maxReceiveCount },
    redriveAllowPolicy: NO_SOURCE_QUEUES,
  });
  return [outcomes, failed];
}

type WorkQueue = typeof PLANS | typeof DRIFT;

/** Creates a FIFO queue of work, and its dead-letter queue for what could not be done; `id` begins the ids of both. */
function createWorkQueue(
  scope: Construct,
  name: string,
  id: string,
  { name: ownName, deadLetterQueue, ...queue }: WorkQueue,
): [work: Queue, missed: Queue] {
  const workName = `${name}-${ownName}`;
  const workArn = Stack.of(scope).formatArn({ service: 'sqs', resource: workName });
  const fifo = { ...SECURE, fifo: true };
  const missed = new Queue(scope, `${id}Missed`, {
    ...fifo,
    queueName: `${name}-${deadLetterQueue}`,
    retentionPeriod: Duration.days(14),
    redriveAllowPolicy: { sourceQueues: [Queue.fromQueueArn(scope, `${id}ByName`, workArn)] },
  });
  acknowledge(
    missed,
    'Serverless-SQSRedrivePolicy',
    `It is the dead-letter queue of ${ownName}: what lies here waits for a person, and an alarm calls one.`,
  );
  const work = new Queue(scope, id, {
    ...fifo,
    queueName: workName,
    visibilityTimeout: Duration.seconds(queue.visibilityTimeoutSeconds),
    retentionPeriod: Duration.seconds(queue.retentionSeconds),
    deadLetterQueue: { queue: missed, maxReceiveCount: queue.maxReceiveCount },
    redriveAllowPolicy: NO_SOURCE_QUEUES,
  });
  return [work, missed];
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
