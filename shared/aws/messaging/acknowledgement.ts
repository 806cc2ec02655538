import { DeleteMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Acknowledgement } from '../../ports/ports.ts';
import { callAws } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';

/** Maximum entries of one batch (AWS: SQS quotas). */
const MAX_ENTRIES = 10;

const answerSchema = z.object({ Successful: z.array(z.object({ Id: z.string() })).optional() });

/**
 * Deletes records of a batch whose other records are still worked. Lambda deletes them once more after its answer,
 * which does nothing. Rejects with code `acknowledge-failed` if a call has no answer.
 */
export function createAcknowledgement(from: ClientOrEnv<SQSClient> & { queueUrl: string }): Acknowledgement {
  const client = clientFrom(from, SQSClient);
  return {
    async acknowledge(receipts) {
      const kept: string[] = [];
      for (let start = 0; start < receipts.length; start += MAX_ENTRIES) {
        const batch = receipts.slice(start, start + MAX_ENTRIES);
        const command = new DeleteMessageBatchCommand({
          QueueUrl: from.queueUrl,
          Entries: batch.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
        });
        const doing = `Acknowledging ${batch.length} records`;
        const answer = await callAws('acknowledge-failed', doing, async () =>
          answerSchema.parse(await client.send(command)),
        );
        const deleted = new Set((answer.Successful ?? []).map((one) => one.Id));
        kept.push(...batch.filter((_, index) => !deleted.has(String(index))).map(({ messageId }) => messageId));
      }
      return kept;
    },
  };
}
