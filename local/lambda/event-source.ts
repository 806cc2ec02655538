import type { SQSEvent } from 'aws-lambda';
import type { Clock } from '../../shared/ports.ts';
import type { LambdaFunction } from './invocation.ts';

/** What became of one batch. */
export type BatchReport = {
  /** Message ids in the order they were handed over. */
  messageIds: string[];
  deleted: string[];
  /** Left to their visibility timeout. */
  returned: string[];
  outcome: 'succeeded' | 'partial' | 'failed' | 'timed-out' | 'malformed-response';
  error?: unknown;
};

export type EventSourceOptions = {
  function: LambdaFunction<SQSEvent>;
  /** `AwsEndpoint.environment()`, or any record with AWS_ENDPOINT_URL and AWS_REGION. */
  environment: Record<string, string | undefined>;
  queueUrl: string;
  /** 1 to 10. */
  batchSize?: number;
  /** Batches handed out at the same time (Lambda: at least 2; 2 unless told). */
  maximumConcurrency?: number;
  clock?: Clock;
  onBatch?: (report: BatchReport) => void;
};

export type EventSource = {
  /** Resolves when the queue is empty (nothing visible, delayed or in flight) and no batch is being worked. */
  drain(): Promise<void>;
  /** Batches being worked now. */
  active(): number;
  /** Stops receiving; waits for running invocations, or abandons them with `kill` (their messages return). */
  close(options?: { kill?: boolean }): Promise<void>;
};

export function startEventSource(_options: EventSourceOptions): EventSource {
  throw new Error('being built');
}
