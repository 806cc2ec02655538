import { notAttempted, setKey, stopsOnReject } from '../../../shared/domain/ledger/change-set.ts';
import type { Rejection } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ledger } from '../../../shared/ports/ports.ts';

type LedgerReads = { ledger: Pick<Ledger, 'readChange' | 'rejectedMembers'> };

/** The rejection of a member of a stopping change set, if an earlier member is rejected. */
export async function rejectionFromSet({ ledger }: LedgerReads, record: ChangeRecord): Promise<Rejection | undefined> {
  const set = setKey(record);
  if (set === undefined || !stopsOnReject(record)) return undefined;
  const refs = await ledger.rejectedMembers(record.ref.lane, set);
  // Each member asks, so one that reads them all would make a set cost the square of its size.
  for (let from = 0; from < refs.length; from += MEMBERS_READ) {
    const some = await Promise.all(refs.slice(from, from + MEMBERS_READ).map((ref) => ledger.readChange(ref)));
    const rejection = notAttempted(
      record,
      some.flatMap((member) => member ?? []),
    );
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}

/** Members of a set that are read at once, until one of them is rejected. */
const MEMBERS_READ = 25;
