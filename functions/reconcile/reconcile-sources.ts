import { type TicketSource, ticketSourceOf } from '../../shared/accept/tickets/ticket-source.ts';
import type { TicketReader } from '../../shared/ports/ticket-system.ts';
import { drainSuperseded } from './drain-superseded.ts';
import { openTickets } from './open-tickets.ts';
import type { ReconcilePorts } from './ports.ts';
import { type Tally, takeFound } from './take-found.ts';
/** `found`: tickets that never arrived; `tickets`: all that were looked at; `failed`: sources not gone through. */
export type ReconcileSummary = Tally & { sources: number; failed: number };

/**
 * Senders lose deliveries: ServiceNow's RESTMessageV2 does not retry and its flows retry zero times by default, Jira gives
 * up after five. So each ticket system is asked what it approved lately, and what became of the tickets whose changes are
 * still open; both are taken as a delivery would be. A source that fails leaves the others alone.
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
  const seen = new Set<string>();
  // Of all of them: a page was read before its first ticket was taken, and that may have taken long.
  const listedAt = ports.clock.now();
  for await (const ticket of reader.listApproved(listedAt - from.approval.reconcileHours * HOUR_MS)) {
    signal.throwIfAborted();
    if (!seen.has(ticket.id)) await takeFound(ports, from, { ticket, asOf: listedAt }, tally);
    seen.add(ticket.id);
  }
  for await (const ticketId of openTickets(ports, from.name)) {
    signal.throwIfAborted();
    if (seen.has(ticketId)) continue;
    seen.add(ticketId);
    const asOf = ports.clock.now();
    const ticket = await reader.read(ticketId);
    if (ticket === undefined)
      ports.log.warn('a ticket with open changes is not to be seen', { source: from.name, ticket: ticketId });
    else await takeFound(ports, from, { ticket, asOf }, tally);
  }
}
