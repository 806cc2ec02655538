import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { Ledger } from '../ports/ports.ts';
import { ContentionError, optimisticUpdate } from './optimistic-update.ts';

/**
 * Applies a pure transition to a change, again to what somebody else made of it meanwhile. Answers the record as it stands
 * afterwards, whether or not the transition still applied. Rejects with `ledger-contention`.
 */
export async function updateChange(
  ledger: Pick<Ledger, 'writeChange'>,
  known: ChangeRecord,
  transition: (record: ChangeRecord) => ChangeRecord | undefined,
): Promise<{ record: ChangeRecord; changed: boolean }> {
  const subject = `change ${known.ref.idempotencyKey}`;
  return await optimisticUpdate<ChangeRecord, ChangeRecord>(known, {
    change: transition,
    write: (next, expected) => ledger.writeChange(next, expected),
    absent: () => {
      throw new ContentionError('ledger-contention', `${subject} left the ledger`);
    },
    subject,
  });
}
