import { type Alias, type CfnEventSourceMapping, EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { AUDIT, DRIFT, NOTICES, PLANS, QUEUES } from '../../shared/deployment/resources.ts';
import { acknowledge } from '../nag/acknowledge.ts';
import type { Queues } from './queues.ts';

/** Connects `changes` to `apply`, with as many concurrent batches as the lanes can use. */
export function connectWorker(apply: Alias, changes: Queue, maxConcurrency: number): void {
  connect(apply, 'Changes', changes, { batchSize: QUEUES.changes.batchSize, maxConcurrency });
}

/**
 * Connects `notices` to `notify`, `plans` to `plan`, the lanes of a drift round to `drift` and `audit` to its function, with
 * the concurrency of the plain data.
 */
export function connectTakers(
  { notify, plan, drift, audit }: Record<'notify' | 'plan' | 'drift' | 'audit', Alias>,
  queues: Pick<Queues, 'notices' | 'plans' | 'drift' | 'audit'>,
): void {
  connect(notify, 'Notices', queues.notices, batchesOf(NOTICES));
  connect(plan, 'Plans', queues.plans, batchesOf(PLANS));
  connect(drift, 'Lanes', queues.drift, batchesOf(DRIFT));
  connect(audit, 'Outcomes', queues.audit, batchesOf(AUDIT));
}

const batchesOf = ({ batchSize, concurrency }: { batchSize: number; concurrency: number }): Batches => ({
  batchSize,
  maxConcurrency: concurrency,
});

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
