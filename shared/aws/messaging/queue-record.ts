import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { QueueRecord } from '../../ports/ports.ts';

/** The parts of a record that are read; Lambda sends more (AWS: "Using Lambda with Amazon SQS"). */
const recordSchema = z.object({
  messageId: z.string(),
  receiptHandle: z.string(),
  body: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.coerce.number().default(1) }),
});

/** The messages of an event, in its order. Throws a `ZodError`. */
export function readQueueRecords(event: Pick<SQSEvent, 'Records'>): QueueRecord[] {
  return event.Records.map((record) => {
    const { attributes, ...rest } = recordSchema.parse(record);
    return { ...rest, receiveCount: attributes.ApproximateReceiveCount };
  });
}
