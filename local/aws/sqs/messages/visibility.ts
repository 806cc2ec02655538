import { z } from 'zod';
import { invalidParameter } from '../../common/aws-error.ts';
import { parseInput } from '../../common/input.ts';
import { messageNotInflight } from '../queues/errors.ts';
import { type Queue, queueOfUrl, type SqsContext } from '../queues/queue.ts';
import { batchEntry, runBatch } from './batch.ts';
import { messageOfHandle } from './handle.ts';

const changeSchema = z.object({ ReceiptHandle: z.string(), VisibilityTimeout: z.number().int() });
const batch = z.object({ QueueUrl: z.string(), Entries: z.array(batchEntry) });

/** "Amazon SQS visibility timeout": at most twelve hours from the receive, in AWS's seconds. */
const MAX_SECONDS = 43_200;

export function changeMessageVisibilityBatch(sqs: SqsContext, input: unknown) {
  const request = parseInput(batch, input);
  const queue = queueOfUrl(sqs, request.QueueUrl);
  return runBatch(request.Entries, (one) => hide(sqs, queue, parseInput(changeSchema, one)));
}

/** Counts from now; 0 makes the message visible at once. */
function hide(sqs: SqsContext, queue: Queue, change: z.output<typeof changeSchema>): object {
  const seconds = change.VisibilityTimeout;
  if (seconds < 0 || seconds > MAX_SECONDS) {
    throw invalidParameter(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.`,
    );
  }
  const message = messageOfHandle(sqs, queue, change.ReceiptHandle);
  const now = sqs.wall.now();
  if (message === undefined || message.visibleAt <= now) throw messageNotInflight();
  const visibleAt = now + sqs.wall.lasts(seconds);
  if (visibleAt > (message.receivedAt ?? now) + sqs.wall.lasts(MAX_SECONDS)) {
    throw invalidParameter(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
    );
  }
  sqs.db.run('UPDATE messages SET visibleAt = ? WHERE place = ?', visibleAt, message.place);
  return {};
}
