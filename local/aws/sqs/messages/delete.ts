import { z } from 'zod';
import { parseInput } from '../../common/input.ts';
import { type Queue, queueOfUrl, type SqsContext } from '../queues/queue.ts';
import { batchEntry, runBatch } from './batch.ts';
import { messageOfHandle } from './handle.ts';

const entry = z.object({ ReceiptHandle: z.string() });
const purge = z.object({ QueueUrl: z.string() });
const batch = z.object({ QueueUrl: z.string(), Entries: z.array(batchEntry) });

/** "DeleteMessageBatch": succeeds also for what is deleted already. */
export function deleteMessageBatch(sqs: SqsContext, input: unknown) {
  const request = parseInput(batch, input);
  const queue = queueOfUrl(sqs, request.QueueUrl);
  return runBatch(request.Entries, (one) => remove(sqs, queue, parseInput(entry, one).ReceiptHandle));
}

/** "PurgeQueue": deletes every message of a queue. */
export function purgeQueue(sqs: SqsContext, input: unknown): object {
  const { name } = queueOfUrl(sqs, parseInput(purge, input).QueueUrl);
  sqs.db.run('DELETE FROM messages WHERE queue = ?', name);
  return {};
}

function remove(sqs: SqsContext, queue: Queue, handle: string): object {
  const message = messageOfHandle(sqs, queue, handle);
  if (message !== undefined) sqs.db.run('DELETE FROM messages WHERE place = ?', message.place);
  return {};
}
