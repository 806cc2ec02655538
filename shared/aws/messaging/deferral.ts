import { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Deferral, Receipt } from '../../ports/ports.ts';
import { callAws } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';

/** Maximum entries of one batch, and the longest time a message may be hidden (AWS: SQS quotas). */
const MAX_ENTRIES = 10;
const MAX_HIDDEN_SECONDS = 12 * 60 * 60;

const answerSchema = z.object({ Successful: z.array(z.object({ Id: z.string() })).optional() });

/**
 * Hides records of a batch for a time (docs/architecture.md#deferral). Seconds are rounded up, so that a record never
 * returns too early. A record that the answer does not list as successful was not hidden; it returns after the queue's
 * visibility timeout. Rejects with code `defer-failed` if a call has no answer. `timeFactor` is the factor by which the
 * seconds of the queue pass faster (the local world).
 */
export function createDeferral(from: ClientOrEnv<SQSClient> & { queueUrl: string; timeFactor?: number }): Deferral {
  const client = clientFrom(from, SQSClient);
  const perSecond = 1000 / (from.timeFactor ?? 1);
  return {
    async defer(receipts, delayMs) {
      const seconds = Math.min(MAX_HIDDEN_SECONDS, Math.max(0, Math.ceil(delayMs / perSecond)));
      const refused: string[] = [];
      for (let start = 0; start < receipts.length; start += MAX_ENTRIES) {
        const batch = receipts.slice(start, start + MAX_ENTRIES);
        refused.push(...(await hide(client, from.queueUrl, batch, seconds)));
      }
      return refused;
    },
  };
}

async function hide(
  client: SQSClient,
  queueUrl: string,
  batch: readonly Receipt[],
  seconds: number,
): Promise<string[]> {
  const command = new ChangeMessageVisibilityBatchCommand({
    QueueUrl: queueUrl,
    Entries: batch.map((receipt, index) => ({
      Id: String(index),
      ReceiptHandle: receipt.receiptHandle,
      VisibilityTimeout: seconds,
    })),
  });
  const doing = `Deferring ${batch.length} records`;
  const answer = await callAws('defer-failed', doing, async () => answerSchema.parse(await client.send(command)));
  const hidden = new Set((answer.Successful ?? []).map((one) => one.Id));
  return batch.filter((_, index) => !hidden.has(String(index))).map((receipt) => receipt.messageId);
}
