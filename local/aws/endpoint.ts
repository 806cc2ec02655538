import type { Clock } from '../../shared/ports.ts';
import type { Faults } from './faults.ts';
import type { PublishedMessage } from './sns/journal.ts';
import type { QueueContents } from './sqs/contents.ts';

export type AwsEndpointOptions = {
  /** 0 or absent: any free port. */
  port?: number;
  /** Folder in which everything survives SIGKILL (not power loss); absent: memory. */
  dataDir?: string;
  /**
   * All of SQS's times (visibility, deduplication window, retention, waiting) divided by it. Callers keep speaking AWS's
   * seconds: 360 stays `VisibilityTimeout: 360` on the wire and lasts 360 s / timeFactor.
   */
  timeFactor?: number;
  clock?: Clock;
};

/** The AWS of this machine: every SDK client works with `AWS_ENDPOINT_URL` = `url`. */
export type AwsEndpoint = {
  /** `http://127.0.0.1:<port>` */
  url: string;
  region: string;
  accountId: string;
  timeFactor: number;
  /** What an SDK client needs in its environment: `AWS_ENDPOINT_URL`, `AWS_REGION`, dummy credentials. */
  environment(): Record<string, string>;
  /** Responses to drop and requests to fail, for tests. */
  faults: Faults;
  /** What was published to any topic, oldest first; at most the newest `limit` (1,000 unless told). */
  published(limit?: number): PublishedMessage[];
  /** What lies in a queue, without receiving it; undefined if there is none of this name. */
  contents(queueName: string, limit?: number): QueueContents | undefined;
  close(): Promise<void>;
};

export async function startAwsEndpoint(_options: AwsEndpointOptions = {}): Promise<AwsEndpoint> {
  throw new Error('being built');
}
