import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readQueueRecords } from '../../shared/aws/messaging/queue-record.ts';
import { planRequestSchema } from '../../shared/domain/ledger/plan-request.ts';
import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import { makePlan } from './make-plan.ts';
import type { PlanPorts } from './ports.ts';
import { writeComment } from './write-comment.ts';

export type PlanHandler = (event: SQSEvent, context: RemainingTime) => Promise<SQSBatchResponse>;

/** `settle` is called, and `meter` flushed, at the end of each invocation. */
export function createPlanHandler(
  ports: PlanPorts & { meter: FlushingMeter },
  settle: () => Promise<void>,
): PlanHandler {
  return async (event, context) => {
    using deadline = deadlineOf(context, ports.timing.closingMs);
    const failed: string[] = [];
    try {
      for (const { messageId, body } of readQueueRecords(event)) {
        if (!(await planFor(ports, body, deadline.signal))) failed.push(messageId);
      }
      await settle();
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      await settle().catch((error: unknown) => ports.log.warn('shared reads were not settled', { error }));
      ports.meter.flush();
    }
  };
}

/** false: the queue delivers the request again. */
async function planFor(ports: PlanPorts, body: string, signal: AbortSignal): Promise<boolean> {
  try {
    const request = planRequestSchema.parse(JSON.parse(body));
    if (request.comment !== undefined) await writeComment(ports, request, request.comment);
    else await makePlan(ports, request, signal);
    return true;
  } catch (error) {
    ports.log.error('a plan could not be made', { code: 'plan-failed', error });
    ports.meter.count('PlanFailed', 1);
    return false;
  }
}
