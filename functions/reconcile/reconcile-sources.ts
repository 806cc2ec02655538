import { UNKNOWN_TICKET, withdrawTicket } from '../../shared/accept/tickets/process-ticket.ts';
import { reportTicket } from '../../shared/accept/tickets/report-ticket.ts';
import { type TicketSource, ticketSourceOf } from '../../shared/accept/tickets/ticket-source.ts';
import type { TicketReader } from '../../shared/ports/ticket-system.ts';
import { drainSuperseded } from './drain-superseded.ts';
import { openTickets } from './open-tickets.ts';
import type { ReconcilePorts } from './ports.ts';
import { reconcileTicket, type Tally } from './reconcile-ticket.ts';
/** `found`: tickets whose deliveries were lost; `tickets`: all that were read; `failed`: sources that could not be read. */
export type ReconcileSummary = Tally & { sources: number; failed: number };

/**
 * Senders lose deliveries: ServiceNow's RESTMessageV2 does not retry and its flows retry zero times by default, Jira gives
 * up after five. Reconcile therefore lists the recently approved tickets of each ticket system, reads the tickets whose
 * changes are still open, and processes both as ingest processes a delivery. A source that fails does not stop the others.
 */
export async function reconcileSources(ports: ReconcilePorts, signal: AbortSignal): Promise<ReconcileSummary> {
  const summary: ReconcileSummary = { sources: 0, tickets: 0, found: 0, refused: 0, superseded: [], failed: 0 };
  for (const [name, source] of Object.entries(ports.configuration.sources)) {
    const from = ticketSourceOf(name, source);
    const reader = ports.tickets?.readerOf(name, signal);
    if (from === undefined || reader === undefined) continue;
    summary.sources += 1;
    try {
      await reconcileSource(ports, from, reader, summary, signal);
    } catch (error) {
      summary.failed += 1;
      ports.log.error('source could not be reconciled', { source: name, error });
      ports.meter.count('ReconcileFailed', 1, { source: name });
    }
  }
  await drainSuperseded(ports, summary.superseded);
  const { superseded, ...counts } = summary;
  ports.log.info('reconciled', { ...counts, superseded: superseded.length });
  return summary;
}

const HOUR_MS = 3_600_000;

async function reconcileSource(
  ports: ReconcilePorts,
  from: TicketSource,
  reader: TicketReader,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const processed = new Set<string>();
  // One instant for the whole listing: a page is read before its first ticket is processed, which may take long.
  const listedAt = ports.clock.now();
  for await (const ticket of reader.listApproved(listedAt - from.approval.reconcileHours * HOUR_MS)) {
    signal.throwIfAborted();
    if (!processed.has(ticket.id)) await reconcileTicket(ports, from, { ticket, asOf: listedAt }, tally);
    processed.add(ticket.id);
  }
  for await (const ticketId of openTickets(ports, from.name)) {
    signal.throwIfAborted();
    if (processed.has(ticketId)) continue;
    processed.add(ticketId);
    const asOf = ports.clock.now();
    const ticket = await reader.read(ticketId);
    if (ticket === undefined) {
      ports.log.warn('a ticket with open changes is not to be seen', { source: from.name, ticket: ticketId });
      const gone = await withdrawTicket(ports, from, { ticketId, asOf }, UNKNOWN_TICKET);
      reportTicket(ports, { source: from.name, ticketId }, gone);
    } else await reconcileTicket(ports, from, { ticket, asOf }, tally);
  }
}
