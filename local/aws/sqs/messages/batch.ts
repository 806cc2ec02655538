import { z } from 'zod';
import { AwsError } from '../../common/aws-error.ts';
import { emptyBatchRequest, idsNotDistinct, invalidBatchEntryId, tooManyEntries } from '../queues/errors.ts';

/** One entry of a batch request, its own fields unread. */
export const batchEntry = z.looseObject({ Id: z.string() });
type Entry = z.output<typeof batchEntry>;

export type BatchResult<T> = {
  Successful: (T & { Id: string })[];
  Failed: { Id: string; SenderFault: boolean; Code: string; Message: string }[];
};

/**
 * "SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch" (SQS API reference): one to ten entries with
 * distinct ids, or the whole request is refused; after that each entry succeeds or fails for itself.
 */
export function runBatch<T extends object>(entries: readonly Entry[], act: (entry: Entry) => T): BatchResult<T> {
  if (entries.length === 0) throw emptyBatchRequest();
  if (entries.length > 10) throw tooManyEntries(entries.length);
  const ids = new Set<string>();
  for (const { Id } of entries) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Id)) throw invalidBatchEntryId();
    if (ids.has(Id)) throw idsNotDistinct(Id);
    ids.add(Id);
  }
  const result: BatchResult<T> = { Successful: [], Failed: [] };
  for (const entry of entries) {
    try {
      result.Successful.push({ ...act(entry), Id: entry.Id });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      result.Failed.push({ Id: entry.Id, SenderFault: true, Code: error.queryCode, Message: error.message });
    }
  }
  return result;
}
