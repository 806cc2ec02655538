import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { FailureDrain } from '../../ports/ports.ts';
import { callAws } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';

/** Received messages are hidden this long; afterwards they are visible again even if this process crashes. */
const HIDDEN_SECONDS = 30;
/** Maximum receives per call, which amount to a thousand messages. */
const MAX_RECEIVES = 100;
/** SQS sometimes answers a receive without messages although some wait (AWS: "short polling"). */
const EMPTY_RECEIVES = 2;

/**
 * Deletes failures from `failures.fifo` after they were redriven or discarded, so that the alarm on waiting failures
 * ends. SQS has no search: it receives messages, deletes those of the wanted message groups (one per failure,
 * `failureId`), and makes the others visible again at once.
 */
export function createFailureDrain(from: ClientOrEnv<SQSClient> & { queueUrl: string }): FailureDrain {
  const client = clientFrom(from, SQSClient);
  const QueueUrl = from.queueUrl;

  async function receive(): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: HIDDEN_SECONDS,
      MessageSystemAttributeNames: ['MessageGroupId'],
    });
    return (await client.send(command)).Messages ?? [];
  }

  async function makeVisible(messages: readonly Message[]): Promise<void> {
    for (let start = 0; start < messages.length; start += 10) {
      const Entries = entries(messages.slice(start, start + 10)).map((one) => ({ ...one, VisibilityTimeout: 0 }));
      await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    }
  }

  return {
    remove: (ids) =>
      callAws('send-failed', 'Taking failures off the dead-letter queue', async () => {
        const wanted = new Set(ids);
        const others: Message[] = [];
        let removed = 0;
        for (let receives = 0, empty = 0; receives < MAX_RECEIVES && empty < EMPTY_RECEIVES; receives += 1) {
          if (removed >= wanted.size) break;
          const messages = await receive();
          empty = messages.length === 0 ? empty + 1 : 0;
          const matching = messages.filter((one) => wanted.has(one.Attributes?.MessageGroupId ?? ''));
          others.push(...messages.filter((one) => !matching.includes(one)));
          if (matching.length === 0) continue;
          const answer = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: entries(matching) }));
          removed += answer.Successful?.length ?? 0;
        }
        await makeVisible(others);
        return removed;
      }),
  };
}

function entries(messages: readonly Message[]) {
  return messages.map((one, index) => ({ Id: String(index), ReceiptHandle: one.ReceiptHandle ?? '' }));
}
