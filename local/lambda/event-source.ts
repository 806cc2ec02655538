import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import type { Clock } from '../../shared/ports.ts';
import { machineClock } from '../aws/wall.ts';
import { judgeResponse } from './batch-response.ts';
import { invoke, type LambdaFunction } from './invocation.ts';
import { aborted, createMilestones } from './milestones.ts';
import { toEvent } from './sqs-event.ts';

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

/** Longest wait of one receive, in SQS's seconds. */
const WAIT_SECONDS = 20;
/** After a receive that failed, for example because the endpoint is away. */
const RETRY_MS = 250;

/**
 * An event source mapping of Lambda for a FIFO queue. That no two batches hold messages of one group at the same time is
 * SQS's doing: a group is locked while any of its messages is in flight, and they are until they are deleted or their
 * visibility timeout ends ("FIFO queue delivery logic in Amazon SQS").
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const clock = options.clock ?? machineClock;
  const client = createClient(options.environment);
  const closing = new AbortController();
  const closed = aborted(closing.signal);
  const milestones = createMilestones();
  const running = new Set<Promise<void>>();
  const state = { killed: false };

  const start = (messages: Message[], arn: string) => {
    const one = workBatch(client, options, messages, arn, clock, state)
      .then((report) => {
        if (report !== undefined) options.onBatch?.(report);
      })
      .finally(() => {
        running.delete(one);
        milestones.pass();
      });
    running.add(one);
  };

  const poll = async (): Promise<void> => {
    let arn: string | undefined;
    while (!closing.signal.aborted) {
      if (running.size >= (options.maximumConcurrency ?? 2)) {
        await Promise.race([...running, closed]);
        continue;
      }
      try {
        arn ??= await readArn(client, options.queueUrl, closing.signal);
        const messages = await receive(client, options, closing.signal);
        if (messages.length > 0) start(messages, arn);
        milestones.pass();
      } catch {
        await clock.sleep(RETRY_MS, closing.signal).catch(() => undefined);
      }
    }
  };
  const polling = poll();

  const isQuiet = async () =>
    running.size === 0 && (await countAll(client, options.queueUrl)) === 0 && running.size === 0;
  return {
    active: () => running.size,
    drain: async () => {
      for (;;) {
        const next = milestones.next();
        if (await isQuiet()) return;
        await next;
      }
    },
    close: async ({ kill = false } = {}) => {
      state.killed = kill;
      closing.abort(new Error('closing'));
      await polling;
      if (!kill) await Promise.all(running);
      client.destroy();
    },
  };
}

function createClient(environment: Record<string, string | undefined>): SQSClient {
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region = 'eu-central-1' } = environment;
  const credentials = {
    accessKeyId: environment.AWS_ACCESS_KEY_ID ?? 'local',
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? 'local',
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

/** Hands one batch to the function and deletes what it did not report; undefined when killed meanwhile. */
async function workBatch(
  client: SQSClient,
  options: EventSourceOptions,
  messages: Message[],
  arn: string,
  clock: Clock,
  state: { killed: boolean },
): Promise<BatchReport | undefined> {
  const messageIds = messages.map((message) => message.MessageId ?? '');
  const invoked = await invoke(options.function, toEvent(messages, arn), clock);
  if (state.killed) return undefined;
  if (invoked.outcome !== 'returned') {
    const outcome = invoked.outcome === 'threw' ? 'failed' : invoked.outcome;
    return {
      messageIds,
      deleted: [],
      returned: messageIds,
      outcome,
      ...('error' in invoked && { error: invoked.error }),
    };
  }
  const judgement = judgeResponse(invoked.result, messageIds);
  const done = messages.filter((message) => !judgement.failed.has(message.MessageId ?? ''));
  const deleted = await deleteAll(client, options.queueUrl, done);
  const returned = messageIds.filter((id) => !deleted.includes(id));
  return { messageIds, deleted, returned, outcome: judgement.outcome };
}

/** Answers the ids that are deleted; what could not be deleted returns, as at AWS. */
async function deleteAll(client: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<string[]> {
  if (messages.length === 0) return [];
  const Entries = messages.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle }));
  try {
    const { Successful } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return (Successful ?? []).map((entry) => messages[Number(entry.Id)]?.MessageId ?? '');
  } catch {
    return [];
  }
}
