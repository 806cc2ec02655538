import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { QUEUES } from '../shared/resources.ts';
import { acknowledge } from './acknowledge.ts';

/** `changes` calls `apply`, with as many batches at once as lanes can use. */
export function connectWorker(apply: LambdaFunction, changes: Queue, maxConcurrency: number): void {
  const mapping = new EventSourceMapping(apply, 'Changes', {
    target: apply,
    eventSourceArn: changes.queueArn,
    batchSize: QUEUES.changes.batchSize,
    reportBatchItemFailures: true,
    maxConcurrency,
  });
  acknowledge(
    mapping,
    'Serverless-LambdaEventSourceMappingDestination',
    'Lambda has no failure destination for SQS sources: the queue’s redrive policy does it.',
  );
}
