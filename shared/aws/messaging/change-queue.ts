import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { deduplicationId } from '../../domain/lane/change-ref.ts';
import type { ChangeMessage } from '../../domain/ledger/message.ts';
import { MAX_MESSAGE_BYTES } from '../../domain/ledger/size-limits.ts';
import { textBytes, toJson } from '../../domain/text/truncate-text.ts';
import type { ChangeQueue } from '../../ports/ports.ts';
import { AwsError, callAws } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';

/** Maximum entries of one SendMessageBatch (AWS: SQS quotas). */
const MAX_ENTRIES = 10;

type Entry = { body: string; group: string; deduplication: string };

const answerSchema = z.object({
  Failed: z.array(z.object({ Id: z.string(), Code: z.string().optional() })).optional(),
  Successful: z.array(z.object({ Id: z.string() })).optional(),
});

/**
 * Sends to `changes.fifo`. The message group is the lane, or the message alone if it is
 * sent apart; the deduplication id drops only identical resends. Batches of
 * up to ten messages and 256 KiB are sent one after another. The first batch that SQS does not accept whole ends the
 * sending with code `send-failed`; the caller may send all messages again, because a repeated message is harmless.
 */
export function createChangeQueue(from: ClientOrEnv<SQSClient> & { queueUrl: string }): ChangeQueue {
  const client = clientFrom(from, SQSClient);
  return {
    async send(messages) {
      let sent = 0;
      for (const batch of batches(messages.map(toEntry))) {
        sent += await sendBatch(client, from.queueUrl, batch, { total: messages.length, sent });
      }
    },
  };
}

function toEntry(message: ChangeMessage): Entry {
  const { ref, fingerprint, generation, reason, apartAt } = message;
  const deduplication = deduplicationId(ref, fingerprint, generation, reason, apartAt);
  return { body: toJson(message), group: apartAt === undefined ? ref.lane : deduplication, deduplication };
}

function batches(entries: readonly Entry[]): Entry[][] {
  const all: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = textBytes(entry.body);
    const last = all.at(-1);
    if (last !== undefined && last.length < MAX_ENTRIES && bytes <= room) last.push(entry);
    else {
      all.push([entry]);
      room = MAX_MESSAGE_BYTES;
    }
    room -= bytes;
  }
  return all;
}

async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  batch: readonly Entry[],
  progress: { total: number; sent: number },
): Promise<number> {
  const command = new SendMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: batch.map((entry, index) => ({
      Id: String(index),
      MessageBody: entry.body,
      MessageGroupId: entry.group,
      MessageDeduplicationId: entry.deduplication,
    })),
  });
  const doing = `Sending ${batch.length} of ${progress.total} changes to the queue (${progress.sent} sent before)`;
  const answer = await callAws('send-failed', doing, async () => answerSchema.parse(await client.send(command)));
  const accepted = answer.Successful?.length ?? 0;
  if (accepted === batch.length) return accepted;
  const codes = [...new Set((answer.Failed ?? []).map((one) => one.Code ?? 'unknown'))].join(', ');
  const left = progress.total - progress.sent - accepted;
  throw new AwsError('send-failed', `${left} of ${progress.total} changes were not taken by the queue: ${codes}`);
}
