import type { ChangeRef } from '../domain/lane/change-ref.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import { isUnreadable } from '../ports/error-code.ts';
import type { Ledger } from '../ports/ports.ts';

/** Reads changes by their references; `unread`: those whose records cannot be read. Rejects as the ledger does otherwise. */
export async function readEach(
  ledger: Pick<Ledger, 'readChange'>,
  refs: readonly ChangeRef[],
): Promise<{ records: ChangeRecord[]; unread: ChangeRef[] }> {
  const unread: ChangeRef[] = [];
  const read = (ref: ChangeRef) =>
    ledger.readChange(ref).catch((error: unknown) => {
      if (!isUnreadable(error)) throw error;
      unread.push(ref);
      return undefined;
    });
  const records = await Promise.all(refs.map(read));
  return { records: records.filter((one) => one !== undefined), unread };
}
