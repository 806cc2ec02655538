import { z } from 'zod';

/** The records of a batch that go back to the queue. */
export type Judgement = { outcome: 'succeeded' | 'partial' | 'malformed-response'; failed: ReadonlySet<string> };

const response = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * "Handling errors for an SQS event source in Lambda" (AWS Lambda developer guide), success and failure conditions with
 * ReportBatchItemFailures: an empty or null response, and an empty or null `batchItemFailures`, is complete success;
 * an answer that is not of that form, an empty, null or misnamed `itemIdentifier`, or one that is no message of the
 * batch, is complete failure. Which of a FIFO batch to report after a first failure is the function's own duty.
 */
export function judgeResponse(result: unknown, messageIds: readonly string[]): Judgement {
  const everything = { outcome: 'malformed-response', failed: new Set(messageIds) } as const;
  if (result === null || result === undefined) return { outcome: 'succeeded', failed: new Set() };
  const parsed = response.safeParse(result);
  if (!parsed.success) return everything;
  const failed = new Set((parsed.data.batchItemFailures ?? []).map((failure) => failure.itemIdentifier));
  if (failed.size === 0) return { outcome: 'succeeded', failed };
  if ([...failed].some((id) => !messageIds.includes(id))) return everything;
  return { outcome: 'partial', failed };
}
