import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { DRIFT, NOTICES, PLANS, QUEUES } from '../../shared/deployment/resources.ts';
import { acknowledge } from '../nag/acknowledge.ts';

/** Connects `changes` to `apply`, with as many concurrent batches as the lanes can use. */
export function connectWorker(apply: LambdaFunction, changes: Queue, maxConcurrency: number): void {
  const mapping = new EventSourceMapping(apply, 'Changes', {
    target: apply,
    eventSourceArn: changes.queueArn,
    batchSize: QUEUES.changes.batchSize,
    reportBatchItemFailures: true,
    maxConcurrency,
  });
  acknowledgeNoDestination(mapping);
}

/** High enough that a slow ticket system does not block the others, and low for the ticket systems' own rate limits. */
const NOTIFY_CONCURRENCY = 5;

/** Connects `notices` to `notify`. */
export function connectNotify(notify: LambdaFunction, notices: Queue): void {
  const mapping = new EventSourceMapping(notify, 'Notices', {
    target: notify,
    eventSourceArn: notices.queueArn,
    batchSize: NOTICES.batchSize,
    reportBatchItemFailures: true,
    maxConcurrency: NOTIFY_CONCURRENCY,
  });
  acknowledgeNoDestination(mapping);
}

/** Lambda's minimum. Plans share one read budget, so more of them at once would only make each slower. */
const PLAN_CONCURRENCY = 2;

/** Connects `plans` to `plan`. */
export function connectPlan(plan: LambdaFunction, plans: Queue): void {
  const mapping = new EventSourceMapping(plan, 'Plans', {
    target: plan,
    eventSourceArn: plans.queueArn,
    batchSize: PLANS.batchSize,
    reportBatchItemFailures: true,
    maxConcurrency: PLAN_CONCURRENCY,
  });
  acknowledgeNoDestination(mapping);
}

/** Connects the lanes of a drift round to `drift`, so many of them at a time as the plain data says. */
export function connectDrift(drift: LambdaFunction, lanes: Queue): void {
  const mapping = new EventSourceMapping(drift, 'Lanes', {
    target: drift,
    eventSourceArn: lanes.queueArn,
    batchSize: DRIFT.batchSize,
    reportBatchItemFailures: true,
    maxConcurrency: DRIFT.concurrency,
  });
  acknowledgeNoDestination(mapping);
}

function acknowledgeNoDestination(mapping: EventSourceMapping): void {
  acknowledge(
    mapping,
    'Serverless-LambdaEventSourceMappingDestination',
    'Lambda has no failure destination for SQS sources: the queue’s redrive policy does it.',
  );
}
