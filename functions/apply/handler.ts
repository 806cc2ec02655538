import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import { applyBatch } from './apply-batch.ts';
import type { ApplyPorts } from './lane/ports.ts';

/** The parts of a record that the worker reads; Lambda sends more (AWS: "Using Lambda with Amazon SQS"). */
const recordSchema = z.object({
  messageId: z.string(),
  receiptHandle: z.string(),
  body: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.coerce.number().default(1) }),
});

/** The Lambda handler. It flushes `meter` at the end of each invocation. */
export function createApplyHandler(ports: ApplyPorts & { meter: FlushingMeter }) {
  return async (event: SQSEvent, context: RemainingTime): Promise<SQSBatchResponse> => {
    using deadline = deadlineOf(context, ports.timing.closingMs);
    try {
      const records = event.Records.map((record) => {
        const { attributes, ...rest } = recordSchema.parse(record);
        return { ...rest, receiveCount: attributes.ApproximateReceiveCount };
      });
      const retried = await applyBatch(ports, records, deadline);
      return { batchItemFailures: retried.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      ports.meter.flush();
    }
  };
}
