import { mayFollow, notAttempted, setKey, stopsOnReject, withCause } from '../../../shared/domain/ledger/change-set.ts';
import type { Ended } from '../../../shared/domain/ledger/settlement.ts';
import type { Rejection } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ledger } from '../../../shared/ports/ports.ts';

/** What a change's end has to do with that of earlier ones. Both look into the ledger; few changes need it. */
type Looking = { ledger: Pick<Ledger, 'readChange' | 'rejectedMembers' | 'failedChanges'> };

/** The rejection of a member of a set that stops, where an earlier member stands rejected. */
export async function rejectionFromSet({ ledger }: Looking, record: ChangeRecord): Promise<Rejection | undefined> {
  const set = setKey(record);
  if (set === undefined || !stopsOnReject(record)) return undefined;
  const members: ChangeRecord[] = [];
  for (const ref of await ledger.rejectedMembers(record.ref.lane, set)) {
    const member = await ledger.readChange(ref);
    if (member !== undefined) members.push(member);
  }
  return notAttempted(record, members);
}

/** The ending, and if it is a rejection that an earlier one explains, with that one's name. */
export async function explainRejection({ ledger }: Looking, record: ChangeRecord, ended: Ended): Promise<Ended> {
  if (ended.kind !== 'rejected' || !mayFollow(ended)) return ended;
  const failures: ChangeRecord[] = [];
  for await (const failure of ledger.failedChanges(record.ref.lane)) failures.push(failure);
  return withCause(record, ended, failures);
}
