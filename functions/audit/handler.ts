import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readQueueRecords } from '../../shared/aws/messaging/queue-record.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import type { AuditPorts } from './ports.ts';
import { writeBatch } from './write-batch.ts';

/** The Lambda handler of the queue `audit`. It flushes `meter` at the end of each invocation. */
export function createAuditHandler(audit: AuditPorts & { meter: FlushingMeter }) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    try {
      const again = await writeBatch(audit, readQueueRecords(event));
      return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      audit.meter.flush();
    }
  };
}
