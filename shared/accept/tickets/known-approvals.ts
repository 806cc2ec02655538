import { compareApprovals } from '../../domain/approval/count-approvals.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import type { TicketApproval, TicketRecord } from '../../ports/ticket-system.ts';

type Stored = ChangeRecord['ticket']['approvals'][number];

/**
 * The ticket with its approvals under the names that its changes were accepted with. The audit dates an approval and counts
 * how often its record was granted; while it cannot be read, an old approval has another time and may lose its count. Such
 * an approval is no new one, so the ledger's word about it goes before what the ticket system does not show.
 */
export function withKnownApprovals(
  { ticket, fromPayload }: { ticket: TicketRecord; fromPayload?: true },
  known: readonly ChangeRecord[],
): TicketRecord {
  const stored = known.flatMap((one) => one.ticket.approvals).toSorted(compareApprovals);
  if (stored.length === 0 || fromPayload === true) return ticket;
  if (ticket.history.kind === 'complete') {
    const shown = ticket.approvals.map(recordOf);
    const notShown = stored.filter((one) => !shown.includes(recordOf(one)));
    return { ...ticket, approvals: ticket.approvals.map((one) => named(one, stored, notShown)) };
  }
  const acceptedAt = Math.max(...known.map(firstAcceptedAt));
  const approvals = ticket.approvals.flatMap((one) => {
    const accepted = stored.findLast((other) => isOfSameRecord(one, other));
    if (accepted !== undefined) return { ...one, at: accepted.at, ref: accepted.ref };
    // It was there when its changes were accepted, and did not count.
    return Date.parse(one.at) <= acceptedAt ? [] : one;
  });
  return { ...ticket, approvals: approvals.toSorted(compareApprovals) };
}

/**
 * An approval whose record was accepted as of a later time than the audit tells was accepted then, under that name. A payload
 * may have called it by an id that the ticket does not show, before its source was read back; its time tells that it is the
 * same.
 */
function named(approval: TicketApproval, stored: readonly Stored[], notShown: readonly Stored[]): TicketApproval {
  const at = Date.parse(approval.at);
  const accepted =
    stored.find((other) => isOfSameRecord(approval, other) && at <= Date.parse(other.at)) ??
    notShown.find((other) => at === Date.parse(other.at));
  return { ...approval, ref: accepted?.ref ?? approval.ref };
}

/**
 * When its approvals were accepted (epoch ms). A redrive dates a change anew, by the clock of whoever redrives, and its
 * approvals are older than that: 0 stands for some time before.
 */
export const firstAcceptedAt = ({ generation, acceptedAt }: ChangeRecord) => (generation === 1 ? acceptedAt : 0);

const isOfSameRecord = (one: { ref: string }, other: { ref: string }) => recordOf(one) === recordOf(other);

/** The id of an approval's record, which a further grant follows as `-2`. */
const recordOf = ({ ref }: { ref: string }) => ref.replace(/-\d{1,3}$/, '');
