import type { Seen } from '../../shared/accept/tickets/cancel-lapsed.ts';
import { commentRefusal, refusalCommentFor } from '../../shared/accept/tickets/comment-refusal.ts';
import { reportTicket } from '../../shared/accept/tickets/report-ticket.ts';
import { type TicketEnd, takeTicket } from '../../shared/accept/tickets/take-ticket.ts';
import type { TicketSource } from '../../shared/accept/tickets/ticket-source.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { ReconcilePorts } from './ports.ts';

/**
 * What a run comes to. `refused`: approved and not taken, each said on its ticket where that may be; `superseded`: changes
 * of earlier approvals that came by.
 */
export type Tally = { tickets: number; found: number; refused: number; superseded: ChangeRecord[] };

/** Takes one ticket as a delivery of it would be taken, and says on it what a delivery could not. */
export async function takeFound(ports: ReconcilePorts, from: TicketSource, seen: Seen, tally: Tally): Promise<void> {
  tally.tickets += 1;
  const { ticket } = seen;
  const end = await takeTicket(ports, from, seen);
  const at = { source: from.name, ticketId: ticket.id };
  if (end.kind === 'accepted') {
    tally.superseded.push(...end.earlier);
    if (end.taken.fresh > 0) reportFound(ports, at, tally);
  }
  if (end.kind === 'refused' || end.kind === 'unacceptable') tally.refused += 1;
  if (isNews(end)) reportTicket(ports, at, end);
  const notice = refusalCommentFor(end);
  const writer = notice && ports.tickets?.writerOf(from.name);
  if (notice !== undefined && writer !== undefined) await commentRefusal(writer, ticket.id, notice);
}

function reportFound({ log, meter }: ReconcilePorts, at: { source: string; ticketId: string }, tally: Tally): void {
  tally.found += 1;
  meter.count('TicketsFound', 1, { source: at.source });
  log.warn('an approved ticket had not arrived, and is taken now', { source: at.source, ticket: at.ticketId });
}

/** A ticket that is left alone is left alone at every run: it is reported where it arrived. */
function isNews(end: TicketEnd): boolean {
  if (end.kind === 'withdrawn' || end.kind === 'submitted') return end.taking.ended > 0 || end.taking.underWay > 0;
  return end.kind === 'accepted';
}
