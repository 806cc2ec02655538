import {
  mayHaveCause,
  notAttempted,
  setKey,
  stopsOnReject,
  withCause,
} from '../../../shared/domain/ledger/change-set.ts';
import type { Rejection, UnstampedOutcome } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ledger } from '../../../shared/ports/ports.ts';

/**
 * The outcome of a change may depend on outcomes of earlier changes. Both functions read the ledger for it, and few changes
 * need that.
 */
type LedgerReads = { ledger: Pick<Ledger, 'readChange' | 'rejectedMembers' | 'failuresBefore'> };

/** The rejection of a member of a stopping change set, if an earlier member is rejected. */
export async function rejectionFromSet({ ledger }: LedgerReads, record: ChangeRecord): Promise<Rejection | undefined> {
  const set = setKey(record);
  if (set === undefined || !stopsOnReject(record)) return undefined;
  const members: ChangeRecord[] = [];
  for (const ref of await ledger.rejectedMembers(record.ref.lane, set)) {
    const member = await ledger.readChange(ref);
    if (member !== undefined) members.push(member);
  }
  return notAttempted(record, members);
}

/** The failures among which a cause is looked for, the latest first: a lane may keep thousands that nobody redrives. */
const FAILURES_READ = 100;

/** The outcome; a rejection that follows from an earlier rejection names the earlier change. */
export async function explainRejection(
  { ledger }: LedgerReads,
  record: ChangeRecord,
  outcome: UnstampedOutcome,
): Promise<UnstampedOutcome> {
  if (outcome.kind !== 'rejected' || !mayHaveCause(outcome)) return outcome;
  const failures = await ledger.failuresBefore(record.ref.lane, record.sequence, FAILURES_READ);
  return withCause(record, outcome, failures);
}
