import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { planDeduplication, planGroup, planMessage } from '../../domain/ledger/plan-request.ts';
import type { Clock } from '../../ports/ports.ts';
import { callAws } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';

type PlanRequestInput = { source: string; ticketId: string; payload: unknown };

/** Sends requests for plans of submitted tickets to `plans.fifo`. Rejects with code `send-failed`. */
export function createPlanQueue(from: ClientOrEnv<SQSClient> & { queueUrl: string; clock: Pick<Clock, 'now'> }): {
  send(request: PlanRequestInput): Promise<void>;
} {
  const client = clientFrom(from, (options) => new SQSClient(options));
  return {
    async send(request) {
      const command = new SendMessageCommand({
        QueueUrl: from.queueUrl,
        MessageBody: planMessage({ schemaVersion: 1, askedAt: from.clock.now(), ...request }),
        MessageGroupId: planGroup(request),
        MessageDeduplicationId: planDeduplication(request),
      });
      await callAws('send-failed', 'Asking for a plan', () => client.send(command));
    },
  };
}
