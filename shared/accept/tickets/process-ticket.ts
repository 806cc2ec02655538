import { judgeTicket, type TicketVerdict } from '../../domain/approval/judge-ticket.ts';
import { acceptApproved } from './accept-approved.ts';
import type { ApprovedResult } from './approved-result.ts';
import { cancelLapsed, cancelOver, type TicketSnapshot } from './cancel-lapsed.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { type CancelCount, hasUnfinishedChanges, isUnfinished, readableChangesOf } from './ticket-revisions.ts';
import type { TicketSource } from './ticket-source.ts';
import { markWithdrawn } from './withdrawn-since.ts';

/** The result of processing a ticket. `says` contains only words of the configuration and may be logged. */
export type TicketResult =
  | ApprovedResult
  /** `submitted`: it waits for approval. `counts`: the cancelled changes of earlier approvals. */
  | { kind: 'submitted' | 'withdrawn'; counts: CancelCount }
  | { kind: 'ignored'; reason: string; says: string };

/**
 * Processes a ticket as its snapshot shows it: ingest read it back for a delivery, reconcile listed it. Processing the same
 * ticket again completes what is left and does nothing else. Rejects as the ports do.
 */
export async function processTicket(
  ports: TicketPorts,
  from: TicketSource,
  snapshot: TicketSnapshot,
): Promise<TicketResult> {
  const { ticket } = snapshot;
  if (ticket.outOfScope !== undefined) {
    const ignored = { reason: 'ticket-out-of-scope', says: ticket.outOfScope };
    return withdrawTicket(ports, from, { ticketId: ticket.id, asOf: snapshot.asOf }, ignored);
  }
  const verdict = judgeTicket(from.gate, ticket.payload);
  if (!('ticketId' in verdict)) return verdict;
  if (verdict.ticketId !== ticket.id) return MISMATCH;
  if (verdict.kind === 'approved') return acceptApproved(ports, from, snapshot);
  if (verdict.kind === 'ignored' && verdict.reason === 'other-ticket') {
    return endOtherTicket(ports, from, snapshot, verdict);
  }
  const counts = await cancelEnded(ports, from, snapshot, verdict);
  if (counts === undefined) return { kind: 'ignored', reason: 'not-approved', says: verdict.says };
  return { kind: verdict.kind === 'submitted' ? 'submitted' : 'withdrawn', counts };
}

type Known = Extract<TicketVerdict, { ticketId: string }>;

/**
 * Cancels what an approval that is over, or stands no more, leaves open. undefined: nothing says so. Rejects at its end for
 * changes that cannot be read.
 */
async function cancelEnded(
  ports: TicketPorts,
  from: TicketSource,
  snapshot: TicketSnapshot,
  verdict: Known,
): Promise<CancelCount | undefined> {
  const isOver = verdict.kind === 'submitted' || verdict.kind === 'withdrawn';
  if (isOver) await markWithdrawn(ports, from, { ticketId: snapshot.ticket.id, asOf: snapshot.asOf });
  const { known, unread } = await readableChangesOf(ports, from.name, snapshot.ticket.id);
  const counts = isOver
    ? await cancelOver(ports, from, snapshot, known, `The ticket says that ${whyOver(verdict)}.`)
    : await cancelLapsed(ports, from, snapshot, known);
  if (unread !== undefined) throw unread;
  return counts;
}

const whyOver = (verdict: Known) =>
  verdict.kind === 'withdrawn' ? `its approval no longer holds: ${verdict.says}` : 'it waits for approval again';

/**
 * Judges the approval of a ticket that does not concern segment groups now. Its changes were accepted when it did, so whoever
 * clears a field of `gate.concerns` must not keep a withdrawal from them.
 */
async function endOtherTicket(
  ports: TicketPorts,
  from: TicketSource,
  snapshot: TicketSnapshot,
  ignored: Extract<Known, { kind: 'ignored' }>,
): Promise<TicketResult> {
  if (!(await hasUnfinishedChanges(ports, from.name, snapshot.ticket.id))) return ignored;
  const verdict = judgeTicket({ ...from.gate, concerns: [] }, snapshot.ticket.payload);
  const counts = 'ticketId' in verdict ? await cancelEnded(ports, from, snapshot, verdict) : undefined;
  return counts === undefined ? ignored : { kind: 'withdrawn', counts };
}

/**
 * Withdraws what was accepted for a ticket that nobody can approve any more: it is gone, or out of scope. `ignored`: the
 * result if nothing of it may still be carried out.
 */
export async function withdrawTicket(
  ports: TicketPorts,
  from: TicketSource,
  { ticketId, asOf }: { ticketId: string; asOf: number },
  ignored: { reason: string; says: string },
): Promise<TicketResult> {
  await markWithdrawn(ports, from, { ticketId, asOf });
  const { known, unread } = await readableChangesOf(ports, from.name, ticketId);
  const unfinished = known.filter(isUnfinished);
  const counts = await cancelOver(ports, from, { asOf }, unfinished, `Its approval no longer holds: ${ignored.says}.`);
  if (unread !== undefined) throw unread;
  if (unfinished.length === 0) return { kind: 'ignored', ...ignored };
  return { kind: 'withdrawn', counts };
}

/** There is no such ticket, or it was hidden from the integration user: nothing can bear its changes any more. */
export const UNKNOWN_TICKET = { reason: 'ticket-unknown', says: 'the integration user sees no such ticket' };

const MISMATCH: TicketResult = {
  kind: 'ignored',
  reason: 'ticket-mismatch',
  says: 'the field that "gate.ticket" names does not hold the number of the ticket that was read back',
};
