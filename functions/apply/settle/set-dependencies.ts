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
