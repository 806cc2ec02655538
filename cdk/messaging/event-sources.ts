import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { NOTICES, PLANS, QUEUES } from '../../shared/deployment/resources.ts';
import { acknowledge } from '../nag/acknowledge.ts';

/** `changes` calls `apply`, with as many batches at once as lanes can use. */
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

/** Enough that a slow ticket system leaves room for the others, and little for the ticket systems' own limits. */
const NOTIFY_CONCURRENCY = 5;

/** `notices` calls `notify`. */
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

/** Lambda's least. The reads of plans are shared, so more of them at once would only make each slower. */
const PLAN_CONCURRENCY = 2;

/** `plans` calls `plan`. */
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

function acknowledgeNoDestination(mapping: EventSourceMapping): void {
  acknowledge(
    mapping,
    'Serverless-LambdaEventSourceMappingDestination',
    'Lambda has no failure destination for SQS sources: the queue’s redrive policy does it.',
  );
}
