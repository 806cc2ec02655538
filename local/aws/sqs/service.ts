import { unknownOperation } from '../aws-error.ts';
import type { Database } from '../database.ts';
import type { Wall } from '../wall.ts';
import { createBell } from './bell.ts';
import { deleteMessage, deleteMessageBatch } from './delete.ts';
import { createQueue, deleteQueue, getQueueUrl, listQueues, purgeQueue } from './manage-queues.ts';
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from './move-tasks.ts';
import { startMover } from './mover.ts';
import type { SqsContext } from './queue.ts';
import { getQueueAttributes, listDeadLetterSourceQueues, setQueueAttributes } from './queue-attributes.ts';
import { receiveMessage } from './receive.ts';
import { sendMessage, sendMessageBatch } from './send.ts';
import { bringUpToDate, nextChangeIn } from './upkeep.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './visibility.ts';

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

export type SqsOptions = { db: Database; wall: Wall; url: () => string; region: string; accountId: string };

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
