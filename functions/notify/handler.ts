import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import { notifyBatch } from './notify-batch.ts';
import type { NotifyPorts } from './ports.ts';

/** The parts of a record that are read; Lambda sends more (AWS: "Using Lambda with Amazon SQS"). */
const recordSchema = z.object({
  messageId: z.string(),
  receiptHandle: z.string(),
  body: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.coerce.number().default(1) }),
});

/** Kept back at the end of an invocation for hiding messages and for the answer. */
const CLOSING_MS = 5_000;

/** `meter` is flushed at the end of each invocation. */
export function createNotifyHandler(notify: NotifyPorts & { meter: FlushingMeter }) {
  return async (event: SQSEvent, context: RemainingTime): Promise<SQSBatchResponse> => {
    using deadline = deadlineOf(context, CLOSING_MS);
    try {
      const messages = event.Records.map((record) => {
        const { attributes, ...rest } = recordSchema.parse(record);
        return { ...rest, receiveCount: attributes.ApproximateReceiveCount };
      });
      const again = await notifyBatch(notify, messages, deadline);
      return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      notify.meter.flush();
    }
  };
}
