import type { ChangeRef } from '../../../shared/domain/lane/change-ref.ts';
import {
  notAttempted,
  notAttemptedAfterUnread,
  setKey,
  stopsOnReject,
  unstoredMembers,
} from '../../../shared/domain/ledger/change-set.ts';
import type { Rejection } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { readEach } from '../../../shared/ledger/read-each.ts';
import { isUnreadable } from '../../../shared/ports/error-code.ts';
import type { Ledger } from '../../../shared/ports/ports.ts';

type LedgerReads = { ledger: Pick<Ledger, 'readChange' | 'rejectedMembers'> };

/**
 * The rejection of a member of a stopping change set, if an earlier member is rejected, or may be: a member that cannot be read is
 * never taken for one that is not rejected. `owing`: settled changes whose rejection the set may not know of yet.
 */
export async function rejectionFromSet(
  { ledger }: LedgerReads,
  record: ChangeRecord,
  owing: readonly ChangeRecord[],
): Promise<Rejection | undefined> {
  const set = setKey(record);
  if (set === undefined || !stopsOnReject(record)) return undefined;
  try {
    const stored = await ledger.rejectedMembers(record.ref.lane, set);
    return await rejectionFrom(ledger, record, [...unstoredMembers(record, owing), ...stored]);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return notAttemptedAfterUnread();
  }
}

/** Members of a set that are read at once, until one of them is rejected. */
const MEMBERS_READ = 25;

async function rejectionFrom(
  ledger: LedgerReads['ledger'],
  record: ChangeRecord,
  refs: readonly ChangeRef[],
): Promise<Rejection | undefined> {
  const unread: ChangeRef[] = [];
  // Each member asks, so one that reads them all would make a set cost the square of its size.
  for (let from = 0; from < refs.length; from += MEMBERS_READ) {
    const some = await readEach(ledger, refs.slice(from, from + MEMBERS_READ));
    const rejection = notAttempted(record, some.records);
    unread.push(...some.unread);
    if (rejection !== undefined) return rejection;
  }
  return unread[0] && notAttemptedAfterUnread(unread[0]);
}
