import { unknownOperation } from '../common/aws-error.ts';
import type { Database } from '../common/database.ts';
import type { ScaledClock } from '../common/scaled-clock.ts';
import { deleteMessageBatch, purgeQueue } from './messages/delete.ts';
import { startMessageMoveTask } from './messages/move-task.ts';
import { receiveMessage } from './messages/receive.ts';
import { sendMessage, sendMessageBatch } from './messages/send.ts';
import { bringUpToDate, nextChangeIn } from './messages/upkeep.ts';
import { changeMessageVisibilityBatch } from './messages/visibility.ts';
import { createQueue, getQueueUrl } from './queues/manage-queues.ts';
import type { SqsContext } from './queues/queue.ts';
import { getQueueAttributes, setQueueAttributes } from './queues/queue-attributes.ts';
import { createQueueWaiters } from './queues/queue-waiters.ts';

type Action = (sqs: SqsContext, input: unknown) => object;

const ACTIONS: Record<string, Action> = {
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
  CreateQueue: createQueue,
  DeleteMessageBatch: deleteMessageBatch,
  GetQueueAttributes: getQueueAttributes,
  GetQueueUrl: getQueueUrl,
  PurgeQueue: purgeQueue,
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  SetQueueAttributes: setQueueAttributes,
  StartMessageMoveTask: startMessageMoveTask,
};

export type Sqs = {
  context: SqsContext;
  /** Answers the action's output; rejects with `AwsError`. `signal`: the caller hung up. */
  act(operation: string, input: unknown, signal: AbortSignal): Promise<object>;
  close(): void;
};

export type SqsOptions = { db: Database; wall: ScaledClock; url: () => string; region: string; accountId: string };

export function startSqs(options: SqsOptions): Sqs {
  const waiters = createQueueWaiters(() => nextChangeIn(options));
  const context: SqsContext = { ...options, waiters };
  const closing = new AbortController();
  const act = async (operation: string, input: unknown, signal: AbortSignal): Promise<object> => {
    if (operation === 'ReceiveMessage') {
      return receiveMessage(context, input, AbortSignal.any([signal, closing.signal]));
    }
    const action = ACTIONS[operation];
    if (action === undefined) throw unknownOperation(operation);
    const output = context.db.transaction(() => {
      bringUpToDate(context);
      return action(context, input);
    });
    if (!operation.startsWith('Get')) waiters.wakeAll();
    return output;
  };
  return {
    context,
    act,
    close: () => {
      closing.abort();
      waiters.close();
    },
  };
}
