import { DeleteMessageBatchCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import type { Clock } from '../../shared/ports/ports.ts';
import { judgeResponse } from './batch-response.ts';
import { invoke, type LambdaFunction } from './invocation.ts';
import { toEvent } from './sqs-event.ts';

/** The result of one batch. */
export type BatchReport = {
  /** Message ids in the order of the batch. */
  messageIds: string[];
  deleted: string[];
  /** Left to their visibility timeout. */
  returned: string[];
  outcome: 'succeeded' | 'partial' | 'failed' | 'timed-out' | 'throttled' | 'malformed-response';
  error?: unknown;
};

/** Passes one batch to the function and deletes the messages it did not report; undefined when killed meanwhile. */
export async function workBatch(
  client: SQSClient,
  options: { function: LambdaFunction<SQSEvent>; queueUrl: string },
  messages: Message[],
  arn: string,
  clock: Clock,
  state: { killed: boolean },
): Promise<BatchReport | undefined> {
  const messageIds = messages.map((message) => message.MessageId ?? '');
  const invoked = await invoke(options.function, toEvent(messages, arn), clock);
  if (state.killed) return undefined;
  if (invoked.outcome !== 'returned') {
    const outcome = invoked.outcome === 'threw' ? 'failed' : invoked.outcome;
    return {
      messageIds,
      deleted: [],
      returned: messageIds,
      outcome,
      ...('error' in invoked && { error: invoked.error }),
    };
  }
  const judgement = judgeResponse(invoked.result, messageIds);
  const done = messages.filter((message) => !judgement.failed.has(message.MessageId ?? ''));
  const deleted = await deleteAll(client, options.queueUrl, done);
  const returned = messageIds.filter((id) => !deleted.includes(id));
  return { messageIds, deleted, returned, outcome: judgement.outcome };
}

/** Answers the ids that are deleted; what could not be deleted returns, as at AWS. */
async function deleteAll(client: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<string[]> {
  if (messages.length === 0) return [];
  const Entries = messages.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle }));
  try {
    const { Successful } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return (Successful ?? []).map((entry) => messages[Number(entry.Id)]?.MessageId ?? '');
  } catch {
    return [];
  }
}
