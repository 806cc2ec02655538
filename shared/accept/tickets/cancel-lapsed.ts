import type { Gate } from '../../domain/approval/approval-schema.ts';
import { isUsable } from '../../domain/approval/judge-approval.ts';
import { judgeTicket } from '../../domain/approval/judge-ticket.ts';
import { preapproval } from '../../domain/approval/preapproval.ts';
import { isEnded, type SetBack, setBacksOf } from '../../domain/approval/set-backs.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import type { TicketRecord } from '../../ports/ticket-system.ts';
import { firstAcceptedAt, withKnownApprovals } from './known-approvals.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { isOfApproval } from './ticket-revision.ts';
import { type CancelCount, cancelUnfinished, isUnfinished } from './ticket-revisions.ts';
import type { TicketSource } from './ticket-source.ts';

/**
 * A ticket as it was at some instant after `asOf` (epoch ms): a change accepted since may rest on an approval that it does
 * not show yet. `fromPayload`: taken from a trusted payload, which shows no history and not every approval.
 */
export type TicketSnapshot = { ticket: TicketRecord; asOf: number; fromPayload?: true };

type CancelPorts = Pick<TicketPorts, 'ledger' | 'clock' | 'configuration' | 'meter'>;

const MAX_REASON = 500;

/**
 * Cancels the changes of a ticket whose approval is over, or that is gone. Another function's clock may date an acceptance
 * after the read, so a change is kept only where its approval was granted after the read too. A payload is no read: it ends
 * all that the ledger holds.
 */
export function cancelOver(
  ports: CancelPorts,
  { name }: Pick<TicketSource, 'name'>,
  { asOf, fromPayload }: Pick<TicketSnapshot, 'asOf' | 'fromPayload'>,
  known: readonly ChangeRecord[],
  reason: string,
): Promise<CancelCount> {
  const isNewer = (one: ChangeRecord) =>
    firstAcceptedAt(one) > asOf && one.ticket.approvals.some(({ at }) => Date.parse(at) > asOf);
  const over = fromPayload === true ? known : known.filter((one) => !isNewer(one));
  return cancelUnfinished(ports, over, { by: name, reason: reason.slice(0, MAX_REASON) });
}

/**
 * Cancels unfinished changes that were accepted before the ticket was read and whose approval does not stand on it. A redrive
 * gives no approval, so it does not make a change one that was accepted later. undefined: there are none.
 */
export async function cancelLapsed(
  ports: CancelPorts,
  from: TicketSource,
  snapshot: TicketSnapshot,
  known: readonly ChangeRecord[],
): Promise<CancelCount | undefined> {
  const lapsed =
    snapshot.fromPayload === true ? [] : lapsedChanges(from.gate, withKnownApprovals(snapshot, known), known);
  if (lapsed.length === 0) return undefined;
  const before = lapsed.filter((one) => firstAcceptedAt(one) <= snapshot.asOf);
  const reason = 'Its approval does not stand on the ticket any more.';
  return cancelUnfinished(ports, before, { by: from.name, reason });
}

/**
 * Finds unfinished changes whose approval no longer stands on their ticket. A ticket that only moved to a later state keeps its
 * approvals. If the system does not show its whole history, or no approval was needed, none lapsed. Where a list without
 * approvals is all that speaks against the ticket's own fields, only those lapsed whose approvals were set back since: one
 * answer can be empty for a moment, and a cancelled change does not come back.
 */
function lapsedChanges(gate: Gate, ticket: TicketRecord, records: readonly ChangeRecord[]): ChangeRecord[] {
  if (ticket.history.kind !== 'complete') return [];
  if (preapproval(gate, ticket.payload, ticket.history) !== undefined) return [];
  const setBacks = setBacksOn(gate, ticket);
  const isSetBack = ({ ticket: { approvals } }: ChangeRecord) =>
    approvals.length > 0 && approvals.every((approval) => isEnded(approval, setBacks));
  const unfinished = records.filter(isUnfinished);
  if (!ticket.approvals.some(isUsable) && !isContradicted(gate, ticket)) return unfinished.filter(isSetBack);
  const standing = ticket.approvals.filter((approval) => !isEnded(approval, setBacks));
  return unfinished.filter((record) => !standing.some((approval) => isOfApproval(record, approval)));
}

/** The events that ended earlier approvals of the ticket: rejections by its approvers, and edits that set it back. */
export function setBacksOn(gate: Gate, { payload, history, rejections = [] }: TicketRecord): SetBack[] {
  const edits = history.kind === 'complete' ? setBacksOf(gate, payload, history.value) : [];
  return [...rejections, ...edits];
}

/** True if the ticket's own fields say that it is not approved. */
function isContradicted(gate: Gate, { payload }: TicketRecord): boolean {
  const { kind } = judgeTicket({ ...gate, concerns: [] }, payload);
  return kind !== 'approved' && kind !== 'unclear';
}
