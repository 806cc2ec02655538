import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ResourceEnvironment } from '../../../local/aws/create-resources.ts';
import type { AwsEndpoint } from '../../../local/aws/endpoint.ts';
import { workBatch } from '../../../local/lambda/work-batch.ts';
import { queueName } from '../../../local/world/snapshot/take-snapshot.ts';
import { clientOptions } from '../../../shared/aws/clients.ts';
import { refKey } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeMessage } from '../../../shared/domain/ledger/message.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Worker } from './compose-worker.ts';
import type { VirtualTime } from './virtual-time.ts';

type Parts = { endpoint: AwsEndpoint; environment: ResourceEnvironment; time: VirtualTime };
/** The process that receives the next batch, and the signal of its death. */
type Taker = { worker: Worker; died: AbortSignal };

/** Receives from the queue as Lambda does, one batch at a time, and advances time while no message is visible. */
export function createEventSource({ endpoint, environment, time }: Parts, taker: () => Taker) {
  const sqs = new SQSClient(clientOptions(environment));
  const queueUrl = environment.CHANGES_QUEUE_URL;
  const receives = new Map<string, number>();
  const receivesOfMessage = new Map<string, number>();
  const invocations: number[] = [];
  const waiting = () => endpoint.contents(queueName(queueUrl), 1000)?.messages ?? [];

  async function receive(): Promise<Message[]> {
    const MessageSystemAttributeNames = ['All' as const];
    const asked = { QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(asked));
    for (const { Body = '', MessageId = '', Attributes } of Messages) {
      receivesOfMessage.set(MessageId, Number(Attributes?.ApproximateReceiveCount));
      const key = refKey((JSON.parse(Body) as ChangeMessage).ref);
      receives.set(key, (receives.get(key) ?? 0) + 1);
    }
    return Messages;
  }

  /**
   * Ends with the invocation or with its process; a dead process's messages return when their visibility timeout ends.
   */
  async function invoke(messages: Message[]): Promise<void> {
    const { worker, died } = taker();
    invocations.push(time.worker.now());
    const source = {
      function: { name: 'apply', timeoutMs: TIMING.functionTimeoutMs, handler: worker.handle },
      queueUrl,
    };
    const death = new Promise<void>((resolve) => died.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([workBatch(sqs, source, messages, 'changes', time.others, { killed: false }), death]);
  }

  return {
    /** The start of each invocation, in epoch ms. */
    invocations,
    /** Works the next messages, or advances time until there are any; false: the queue is empty. */
    async turn(): Promise<boolean> {
      const messages = await receive();
      if (messages.length > 0) {
        await invoke(messages);
        return true;
      }
      const left = waiting();
      // A visible message that is not delivered waits for a message of its lane that is in flight.
      const coming = left.map(({ visibleAt }) => visibleAt).filter((at) => at > time.worker.now());
      if (coming.length > 0) await time.advanceTo(Math.min(...coming));
      return left.length > 0;
    },
    /** The number of receives of a change's messages. */
    receivesOf: ({ ref }: ChangeRecord) => receives.get(refKey(ref)) ?? 0,
    /** The highest number of receives of any message. */
    mostReceives: () => Math.max(0, ...receivesOfMessage.values()),
    /** The instants at which the queued messages become visible, in epoch ms. */
    visibleAt: () => waiting().map((message) => message.visibleAt),
    close: () => sqs.destroy(),
  };
}
