import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  commentSchema,
  type PlanRequest,
  planDeduplication,
  planGroup,
  planMessage,
} from '../../domain/ledger/plan-request.ts';
import type { Clock } from '../../ports/ports.ts';
import type { CommentQueue } from '../../ports/ticket-system.ts';
import { callAws } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';

type PlanRequestInput = Pick<PlanRequest, 'source' | 'ticketId' | 'payload' | 'comment'>;

/**
 * Sends to `plans.fifo`: requests for plans of submitted tickets, and comments to write. Rejects with code
 * `send-failed`.
 */
export function createPlanQueue(from: ClientOrEnv<SQSClient> & { queueUrl: string; clock: Pick<Clock, 'now'> }): {
  send(request: PlanRequestInput): Promise<void>;
} & CommentQueue {
  const client = clientFrom(from, SQSClient);
  async function send(request: PlanRequestInput, what: string) {
    const command = new SendMessageCommand({
      QueueUrl: from.queueUrl,
      MessageBody: planMessage({ schemaVersion: 1, askedAt: from.clock.now(), ...request }),
      MessageGroupId: planGroup(request),
      MessageDeduplicationId: planDeduplication(request),
    });
    await callAws('send-failed', what, () => client.send(command));
  }
  return {
    send: (request) => send(request, 'Asking for a plan'),
    comment: ({ source, ticketId, ...comment }) =>
      send({ source, ticketId, payload: undefined, comment: commentSchema.parse(comment) }, 'Having a comment written'),
  };
}
