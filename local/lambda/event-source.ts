import { GetQueueAttributesCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import type { Clock } from '../../shared/ports/ports.ts';
import { machineClock } from '../aws/common/scaled-clock.ts';
import type { LambdaFunction } from './invocation.ts';
import { aborted, createMilestones, type Milestones } from './milestones.ts';
import { type BatchReport, workBatch } from './work-batch.ts';

export type EventSourceOptions = {
  function: LambdaFunction<SQSEvent>;
  /** `AwsEndpoint.environment()`, or any record with AWS_ENDPOINT_URL and AWS_REGION. */
  environment: Record<string, string | undefined>;
  queueUrl: string;
  /** 1 to 10. */
  batchSize?: number;
  /** Batches worked at the same time (Lambda: at least 2; default: 2). */
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

/** Longest wait of one receive, in SQS's seconds. */
const WAIT_SECONDS = 20;
/** After a receive that failed, for example because the endpoint is away, and while the function may not start. */
const RETRY_MS = 250;

/**
 * An event source mapping of Lambda for a FIFO queue. That no two batches hold messages of one group at the same time
 * is SQS's doing: a group is locked while any of its messages is in flight, and they are until they are deleted or
 * their visibility timeout ends ("FIFO queue delivery logic in Amazon SQS").
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const client = createClient(options.environment);
  const closing = new AbortController();
  const milestones = createMilestones();
  const working: Working = { batches: new Set(), killed: false };
  const polling = poll({ client, options, clock: options.clock ?? machineClock, milestones, working }, closing.signal);
  const isQuiet = async () =>
    working.batches.size === 0 && (await countAll(client, options.queueUrl)) === 0 && working.batches.size === 0;
  return {
    active: () => working.batches.size,
    drain: async () => {
      for (;;) {
        const next = milestones.next();
        if (await isQuiet()) return;
        await next;
      }
    },
    close: async ({ kill = false } = {}) => {
      working.killed = kill;
      closing.abort(new Error('closing'));
      await polling;
      if (!kill) await Promise.all(working.batches);
      client.destroy();
    },
  };
}

type Working = { batches: Set<Promise<void>>; killed: boolean };
type Poller = {
  client: SQSClient;
  options: EventSourceOptions;
  clock: Clock;
  milestones: Milestones;
  working: Working;
};

/** Receives as long as fewer than `maximumConcurrency` batches are being worked, until the signal aborts. */
async function poll(poller: Poller, signal: AbortSignal): Promise<void> {
  const { client, options, clock, milestones, working } = poller;
  const closed = aborted(signal);
  let arn: string | undefined;
  while (!signal.aborted) {
    if (options.function.watch?.isStopped()) {
      options.function.watch.count('Throttles');
      await clock.sleep(RETRY_MS, signal).catch(() => undefined);
      continue;
    }
    if (working.batches.size >= (options.maximumConcurrency ?? 2)) {
      await Promise.race([...working.batches, closed]);
      continue;
    }
    try {
      arn ??= await readArn(client, options.queueUrl, signal);
      const messages = await receive(client, options, signal);
      if (messages.length > 0) startBatch(poller, messages, arn);
      milestones.pass();
    } catch {
      await clock.sleep(RETRY_MS, signal).catch(() => undefined);
    }
  }
}

function startBatch({ client, options, clock, milestones, working }: Poller, messages: Message[], arn: string): void {
  const batch = workBatch(client, options, messages, arn, clock, working)
    .then((report) => {
      if (report !== undefined) options.onBatch?.(report);
    })
    .finally(() => {
      working.batches.delete(batch);
      milestones.pass();
    });
  working.batches.add(batch);
}

function createClient(environment: Record<string, string | undefined>): SQSClient {
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region = 'eu-central-1' } = environment;
  const credentials = {
    accessKeyId: environment.AWS_ACCESS_KEY_ID ?? 'nobody',
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? 'nobody',
  };
  return new SQSClient({ region, ...(endpoint !== undefined && { endpoint, credentials }) });
}

async function readArn(client: SQSClient, QueueUrl: string, abortSignal: AbortSignal): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const { Attributes } = await client.send(command, { abortSignal });
  return Attributes?.QueueArn ?? '';
}

async function receive(client: SQSClient, options: EventSourceOptions, abortSignal: AbortSignal): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: options.queueUrl,
    MaxNumberOfMessages: options.batchSize ?? 10,
    WaitTimeSeconds: WAIT_SECONDS,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  const { Messages } = await client.send(command, { abortSignal });
  return Messages ?? [];
}

async function countAll(client: SQSClient, QueueUrl: string): Promise<number> {
  const names = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const;
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
  return names.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
}
