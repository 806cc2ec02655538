import { unknownOperation } from '../common/aws-error.ts';
import type { Database } from '../common/database.ts';
import type { ScaledClock } from '../common/scaled-clock.ts';
import { deleteMessage, deleteMessageBatch } from './messages/delete.ts';
import { receiveMessage } from './messages/receive.ts';
import { sendMessage, sendMessageBatch } from './messages/send.ts';
import { bringUpToDate, nextChangeIn } from './messages/upkeep.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './messages/visibility.ts';
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from './move-tasks/move-tasks.ts';
import { startMover } from './move-tasks/mover.ts';
import { createBell } from './queues/bell.ts';
import { createQueue, deleteQueue, getQueueUrl, listQueues, purgeQueue } from './queues/manage-queues.ts';
import type { SqsContext } from './queues/queue.ts';
import { getQueueAttributes, listDeadLetterSourceQueues, setQueueAttributes } from './queues/queue-attributes.ts';

type Action = (sqs: SqsContext, input: unknown) => object;

const ACTIONS: Record<string, Action> = {
  CancelMessageMoveTask: cancelMessageMoveTask,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
  CreateQueue: createQueue,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  DeleteQueue: deleteQueue,
  GetQueueAttributes: getQueueAttributes,
  GetQueueUrl: getQueueUrl,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  ListMessageMoveTasks: listMessageMoveTasks,
  ListQueues: listQueues,
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
  close(): Promise<void>;
};

export type SqsOptions = { db: Database; wall: ScaledClock; url: () => string; region: string; accountId: string };

export function startSqs(options: SqsOptions): Sqs {
  const bell = createBell(() => nextChangeIn(options));
  const context: SqsContext = { ...options, bell };
  const mover = startMover(context);
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
    if (!/^(Get|List)/.test(operation)) bell.ring();
    if (operation === 'StartMessageMoveTask') mover.wake();
    return output;
  };
  return {
    context,
    act,
    close: async () => {
      closing.abort();
      bell.close();
      await mover.close();
    },
  };
}
