import { createHash } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { failureId } from '../../domain/lane/change-ref.ts';
import type { FailureRecord } from '../../domain/ledger/message.ts';
import { fitFailure } from '../../domain/ledger/size-limits.ts';
import { toJson } from '../../domain/text/truncate-text.ts';
import type { FailureQueue } from '../../ports/ports.ts';
import { callAws } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';

/**
 * Sends to `failures.fifo`. Each failure has its own message group, so that none waits behind another; records are
 * truncated to the size of a message.
 */
export function createFailureQueue(from: ClientOrEnv<SQSClient> & { queueUrl: string }): FailureQueue {
  const client = clientFrom(from, SQSClient);
  return {
    async send(failure) {
      const id = idOf(failure);
      const command = new SendMessageCommand({
        QueueUrl: from.queueUrl,
        MessageBody: toJson(fitFailure(failure)),
        MessageGroupId: id,
        MessageDeduplicationId: id,
      });
      await callAws('send-failed', 'Sending a failure to the dead-letter queue', () => client.send(command));
    },
  };
}

/** A failure without a change is identified by the content of its message. */
function idOf(failure: FailureRecord): string {
  if (failure.ref !== null) return failureId(failure.ref, failure.generation);
  const parts = ['unreadable', failure.original ?? '', failure.correlationId ?? ''];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
