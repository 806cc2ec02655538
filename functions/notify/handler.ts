import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readQueueRecords } from '../../shared/aws/messaging/queue-record.ts';
import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import { notifyBatch } from './notify-batch.ts';
import type { NotifyPorts } from './ports.ts';

/** Kept back at the end of an invocation for hiding messages and for the answer. */
const CLOSING_MS = 5_000;

/** The Lambda handler of the queue `notices`. It flushes `meter` at the end of each invocation. */
export function createNotifyHandler(notify: NotifyPorts & { meter: FlushingMeter }) {
  return async (event: SQSEvent, context: RemainingTime): Promise<SQSBatchResponse> => {
    using deadline = deadlineOf(context, CLOSING_MS);
    try {
      const again = await notifyBatch(notify, readQueueRecords(event), deadline);
      return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      notify.meter.flush();
    }
  };
}
