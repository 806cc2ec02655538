import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { DriftRequest } from '../../domain/drift/drift-request.ts';
import type { DriftQueue } from '../../ports/drift-queue.ts';
import { AwsError, callAws } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';

/** Maximum entries of one SendMessageBatch (AWS: SQS quotas). */
const MAX_ENTRIES = 10;

const answerSchema = z.object({ Successful: z.array(z.object({ Id: z.string() })).optional() });

/**
 * Sends to `drift.fifo`. The message group is the lane, so that no two workers read one lane at a time. A batch that
 * SQS does not take leaves the others to be sent; then it rejects with code `send-failed`.
 */
export function createDriftQueue(from: ClientOrEnv<SQSClient> & { queueUrl: string }): DriftQueue {
  const client = clientFrom(from, SQSClient);

  async function sendBatch(batch: readonly DriftRequest[]): Promise<number> {
    const command = new SendMessageBatchCommand({
      QueueUrl: from.queueUrl,
      Entries: batch.map((request, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(request),
        MessageGroupId: request.lane,
        MessageDeduplicationId: `${request.lane}-${request.askedAt}`,
      })),
    });
    const doing = `Asking for the drift of ${batch.length} lanes`;
    const answer = await callAws('send-failed', doing, async () => answerSchema.parse(await client.send(command)));
    return answer.Successful?.length ?? 0;
  }

  return {
    async send(requests) {
      let sent = 0;
      let cause: unknown;
      for (let start = 0; start < requests.length; start += MAX_ENTRIES) {
        try {
          sent += await sendBatch(requests.slice(start, start + MAX_ENTRIES));
        } catch (error) {
          cause = error;
        }
      }
      const left = requests.length - sent;
      if (left > 0) throw new AwsError('send-failed', `${left} of ${requests.length} lanes were not asked for.`, cause);
    },
  };
}
