import { type Alias, type CfnEventSourceMapping, EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { DRIFT, NOTICES, PLANS, QUEUES } from '../../shared/deployment/resources.ts';
import { acknowledge } from '../nag/acknowledge.ts';

/** Connects `changes` to `apply`, with as many concurrent batches as the lanes can use. */
export function connectWorker(apply: Alias, changes: Queue, maxConcurrency: number): void {
  connect(apply, 'Changes', changes, { batchSize: QUEUES.changes.batchSize, maxConcurrency });
}

/** High enough that a slow ticket system does not block the others, and low for the ticket systems' own rate limits. */
const NOTIFY_CONCURRENCY = 5;

/** Connects `notices` to `notify`. */
export function connectNotify(notify: Alias, notices: Queue): void {
  connect(notify, 'Notices', notices, { batchSize: NOTICES.batchSize, maxConcurrency: NOTIFY_CONCURRENCY });
}

/** Lambda's minimum. Plans share one read budget, so more of them at once would only make each slower. */
const PLAN_CONCURRENCY = 2;

/** Connects `plans` to `plan`. */
export function connectPlan(plan: Alias, plans: Queue): void {
  connect(plan, 'Plans', plans, { batchSize: PLANS.batchSize, maxConcurrency: PLAN_CONCURRENCY });
}

/** Connects the lanes of a drift round to `drift`, so many of them at a time as the plain data says. */
export function connectDrift(drift: Alias, lanes: Queue): void {
  connect(drift, 'Lanes', lanes, { batchSize: DRIFT.batchSize, maxConcurrency: DRIFT.concurrency });
}

type Batches = { batchSize: number; maxConcurrency: number };

function connect(release: Alias, id: string, queue: Queue, batches: Batches): void {
  const mapping = new EventSourceMapping(release.lambda, id, {
    target: release.lambda,
    eventSourceArn: queue.queueArn,
    reportBatchItemFailures: true,
    ...batches,
  });
  // CDK would take the alias's ARN apart and put its name together again.
  (mapping.node.defaultChild as CfnEventSourceMapping).functionName = release.functionArn;
  acknowledge(
    mapping,
    'Serverless-LambdaEventSourceMappingDestination',
    'Lambda has no failure destination for SQS sources: the queue’s redrive policy does it.',
  );
}
