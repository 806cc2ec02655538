import type { TicketSnapshot } from '../../shared/accept/tickets/cancel-lapsed.ts';
import { processTicket, type TicketResult } from '../../shared/accept/tickets/process-ticket.ts';
import { reportTicket } from '../../shared/accept/tickets/report-ticket.ts';
import type { TicketSource } from '../../shared/accept/tickets/ticket-source.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { CommentOnRefusal } from './comment-refusals.ts';
import type { ReconcilePorts } from './ports.ts';

/**
 * Counts of a run. `refused`: approved tickets that were not accepted, each commented on if its source has a writer;
 * `unread`: tickets that could not be read or processed; `superseded`: changes of earlier approvals found on the way.
 */
export type Tally = { tickets: number; found: number; refused: number; unread: number; superseded: ChangeRecord[] };

/** Processes one ticket as ingest processes a delivery of it, and adds the comment that a delivery could not write in time. */
export async function reconcileTicket(
  ports: ReconcilePorts,
  from: TicketSource,
  snapshot: TicketSnapshot,
  tally: Tally,
  comment: CommentOnRefusal,
): Promise<void> {
  tally.tickets += 1;
  const { ticket } = snapshot;
  const result = await processTicket(ports, from, snapshot);
  const at = { source: from.name, ticketId: ticket.id };
  if (result.kind === 'accepted') {
    tally.superseded.push(...result.earlier);
    if (result.acceptance.fresh > 0) reportFound(ports, at, tally);
  }
  if (result.kind === 'refused' || result.kind === 'unacceptable') tally.refused += 1;
  if (isNews(result)) reportTicket(ports, at, result);
  await comment(ticket.id, result);
}

function reportFound({ log, meter }: ReconcilePorts, at: { source: string; ticketId: string }, tally: Tally): void {
  tally.found += 1;
  meter.count('TicketsFound', 1, { source: at.source });
  log.warn('an approved ticket had not arrived, and is taken now', { source: at.source, ticket: at.ticketId });
}

/** An ignored ticket is ignored at every run; only its delivery reports it. */
function isNews(result: TicketResult): boolean {
  if (result.kind === 'withdrawn' || result.kind === 'submitted')
    return result.counts.ended > 0 || result.counts.underWay > 0;
  return result.kind === 'accepted';
}
