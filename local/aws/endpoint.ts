import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../shared/ports/ports.ts';
import { createAccessGate, type Denial, type Permissions } from './access/authorise.ts';
import { OPERATOR } from './access/caller.ts';
import { openDatabase } from './common/database.ts';
import { createFaults, type Faults } from './common/faults.ts';
import { createScaledClock, machineClock } from './common/scaled-clock.ts';
import { openDynamoDb } from './dynamodb.ts';
import { type Services, serve } from './front.ts';
import { openObjectStore } from './object-store.ts';
import { type PublishedMessage, readJournal } from './sns/journal.ts';
import { type QueueContents, readContents } from './sqs/queues/contents.ts';
import { startSqs } from './sqs/service.ts';
import { createLocalFunctions, type LocalFunctions } from './watch/functions.ts';
import { type MetricName, type Metrics, openMetrics } from './watch/metrics.ts';
import { queueMetrics } from './watch/queue-metrics.ts';
import { skipTime } from './watch/skip-time.ts';

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
  /** The functions' permissions, for tests of refusals; default: `PERMISSIONS`. */
  permissions?: Permissions;
};

/** The AWS of this machine: every SDK client works with `AWS_ENDPOINT_URL` = `url`. */
export type AwsEndpoint = {
  /** `http://127.0.0.1:<port>` */
  url: string;
  region: string;
  accountId: string;
  timeFactor: number;
  /** Environment of an SDK client: `AWS_ENDPOINT_URL`, `AWS_REGION`, the operator's credentials. */
  environment(): AwsEnvironment;
  /** Responses to drop and requests to fail, for tests. */
  faults: Faults;
  /** All that was counted, as CloudWatch would hold it. */
  metrics: Metrics;
  /** The metrics that SQS reports of each queue now. */
  queueMetrics(): (MetricName & { value: number })[];
  /** Lambda's side: functions that may not start, or crash. */
  functions: LocalFunctions;
  /** So many of AWS's seconds pass for queues and secrets; what comes due in them is worked. */
  passTime(seconds: number): Promise<void>;
  /** Refused requests of functions, oldest first. */
  denials: readonly Denial[];
  /** Messages published to any topic, oldest first; at most the newest `limit` (default: 1,000). */
  published(limit?: number): PublishedMessage[];
  /** A queue's messages, without receiving them; undefined if no queue has this name. */
  contents(queueName: string, limit?: number): QueueContents | undefined;
  close(): Promise<void>;
};

export type AwsEnvironment = {
  AWS_ENDPOINT_URL: string;
  AWS_REGION: string;
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
};

const REGION = 'eu-central-1';
const ACCOUNT = '000000000000';

/**
 * Listens on 127.0.0.1 only. Rejects with code `data-folder-in-use` where another process has the data folder, and
 * where the port is taken.
 */
export async function startAwsEndpoint(options: AwsEndpointOptions = {}): Promise<AwsEndpoint> {
  const timeFactor = options.timeFactor ?? 1;
  const wall = createScaledClock(options.clock ?? machineClock, timeFactor);
  // First: it refuses a data folder that is in use.
  const db = openDatabase(options.dataDir);
  const dynamodb = await openDynamoDb(options.dataDir);
  const s3 = await openObjectStore(options.dataDir);
  let url = '';
  const sqs = startSqs({ db, wall, url: () => url, region: REGION, accountId: ACCOUNT });
  const faults = createFaults();
  const gate = createAccessGate({ region: REGION, accountId: ACCOUNT }, options.permissions);
  const secrets = { db, wall, region: REGION, accountId: ACCOUNT };
  const metrics = openMetrics(wall.now, () => url);
  const functions = createLocalFunctions(metrics);
  const passTime = (seconds: number) => skipTime({ sqs: sqs.context, functions, seconds });
  const control = { faults, metrics, functions, sqs: sqs.context, passTime };
  const server = createServer(handler({ sqs, secrets, dynamodb, s3, faults, gate, control }));
  const close = async () => {
    sqs.close();
    metrics.close();
    await stop(server);
    await Promise.all([dynamodb.close(), s3.close()]);
    db.close();
  };
  try {
    url = await listen(server, options.port ?? 0);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    region: REGION,
    accountId: ACCOUNT,
    timeFactor,
    environment: () => ({
      AWS_ENDPOINT_URL: url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: OPERATOR,
      AWS_SECRET_ACCESS_KEY: 'local',
    }),
    faults,
    metrics,
    queueMetrics: () => queueMetrics(sqs.context),
    functions,
    passTime,
    denials: gate.denials,
    published: (limit = 1000) => readJournal(db, limit),
    contents: (queueName, limit = 100) => readContents(sqs.context, queueName, limit),
    close,
  };
}

const handler =
  (services: Services): Parameters<typeof createServer>[1] =>
  (request, response) => {
    serve(services, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  };

function listen(server: Server, port: number): Promise<string> {
  // Clients keep connections open; a server that closes them first makes requests fail at random.
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      // A TCP server's address is always an AddressInfo.
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
