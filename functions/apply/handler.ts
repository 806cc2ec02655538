import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readQueueRecords } from '../../shared/aws/messaging/queue-record.ts';
import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import { applyBatch } from './apply-batch.ts';
import type { ApplyPorts } from './lane/ports.ts';

/** The Lambda handler. It flushes `meter` at the end of each invocation. */
export function createApplyHandler(ports: ApplyPorts & { meter: FlushingMeter }) {
  return async (event: SQSEvent, context: RemainingTime): Promise<SQSBatchResponse> => {
    using deadline = deadlineOf(context, ports.timing.closingMs);
    try {
      const retried = await applyBatch(ports, readQueueRecords(event), deadline);
      return { batchItemFailures: retried.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      ports.meter.flush();
    }
  };
}
