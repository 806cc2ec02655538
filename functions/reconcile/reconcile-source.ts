import { UNKNOWN_TICKET, withdrawTicket } from '../../shared/accept/tickets/process-ticket.ts';
import { reportTicket } from '../../shared/accept/tickets/report-ticket.ts';
import type { TicketSource } from '../../shared/accept/tickets/ticket-source.ts';
import { errorCode } from '../../shared/ports/error-code.ts';
import type { TicketReader } from '../../shared/ports/ticket-system.ts';
import { type CommentOnRefusal, commentOnRefusals } from './comment-refusals.ts';
import { listFromAnywhere } from './from-anywhere.ts';
import { openTickets } from './open-tickets.ts';
import type { ReconcilePorts } from './ports.ts';
import { reconcileTicket, type Tally } from './reconcile-ticket.ts';

const HOUR_MS = 3_600_000;
/** After so many tickets in a row that could not be read, the system itself is taken to fail, and the list is left. */
const MAX_UNREAD_IN_A_ROW = 10;

/**
 * Processes the approved tickets of one source, then those of its open changes. A ticket that cannot be read or processed
 * is counted in `tally.unread` and leaves the others alone; a listing that fails or is left leaves the open changes to be
 * looked after. `partial`: all was read that one run reads, and the next runs go on.
 */
export async function reconcileSource(
  ports: ReconcilePorts,
  from: TicketSource,
  reader: TicketReader,
  tally: Tally,
  signal: AbortSignal,
): Promise<'complete' | 'partial' | 'failed'> {
  const since = ports.clock.now() - from.approval.reconcileHours * HOUR_MS;
  const processed = new Set<string>();
  let left = 0;
  const open = () => openTickets(ports, from.name, { processed, onLeft: (count) => (left = count) });
  const approved = () => listFromAnywhere(ports.chance, reader.listApproved(since));
  const lists = [approved, open];
  const round: Round = { from, reader, tally, comment: commentOnRefusals(ports, from.name, signal), signal };
  let complete = true;
  for (const list of lists) {
    let unreadInARow = 0;
    try {
      for await (const id of list()) {
        signal.throwIfAborted();
        if (processed.has(id)) continue;
        processed.add(id);
        const tried = await tryTicket(ports, round, id);
        complete &&= tried === 'done';
        unreadInARow = tried === 'unread' ? unreadInARow + 1 : 0;
        if (unreadInARow === MAX_UNREAD_IN_A_ROW) break;
      }
    } catch (error) {
      complete = false;
      ports.log.error('source could not be reconciled', { source: from.name, error });
      if (endsRound(error, signal)) break;
    }
  }
  if (left > 0) reportLeft(ports, from.name, left);
  if (!complete) return 'failed';
  return left > 0 ? 'partial' : 'complete';
}

function reportLeft({ log, meter }: ReconcilePorts, source: string, left: number): void {
  meter.count('OpenTicketsLeft', left, { source });
  log.warn('tickets of open changes are left for the next runs', { source, left });
}

/** One source in one run. */
type Round = {
  from: TicketSource;
  reader: TicketReader;
  tally: Tally;
  comment: CommentOnRefusal;
  signal: AbortSignal;
};

/** The time is over, or the system takes no more requests for now; the next run goes on. */
function endsRound(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || errorCode(error) === 'tickets-limited';
}

/** `unread`: the system did not give the ticket; `failed`: this one ticket is at fault, or our own processing of it. */
type Tried = 'done' | 'failed' | 'unread';

/** Reads and processes the ticket. Rejects if its failure ends the round of its source. */
async function tryTicket(
  ports: ReconcilePorts,
  { from, reader, tally, comment, signal }: Round,
  id: string,
): Promise<Tried> {
  const asOf = ports.clock.now();
  let isRead = false;
  try {
    const ticket = await reader.read(id);
    isRead = true;
    if (ticket === undefined) {
      ports.log.warn('a ticket is not to be seen', { source: from.name, ticket: id });
      const gone = await withdrawTicket(ports, from, { ticketId: id, asOf }, UNKNOWN_TICKET);
      reportTicket(ports, { source: from.name, ticketId: id }, gone);
    } else await reconcileTicket(ports, from, { ticket, asOf }, tally, comment);
    return 'done';
  } catch (error) {
    if (endsRound(error, signal)) throw error;
    tally.unread += 1;
    ports.log.error('ticket could not be reconciled', { source: from.name, ticket: id, error });
    ports.meter.count('ReconcileTicketFailed', 1, { source: from.name });
    return isRead || isAboutTicket(error) ? 'failed' : 'unread';
  }
}

/** The id is at fault; it says nothing about the ticket system. */
function isAboutTicket(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ticket-id' || code === 'ticket-ambiguous';
}
