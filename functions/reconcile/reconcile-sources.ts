import { type TicketSource, ticketSourceOf } from '../../shared/accept/tickets/ticket-source.ts';
import type { TicketReader } from '../../shared/ports/ticket-system.ts';
import { forEachAtOnce } from '../../shared/runtime/at-once.ts';
import { drainSuperseded } from './drain-superseded.ts';
import type { ReconcilePorts } from './ports.ts';
import { reconcileSource } from './reconcile-source.ts';
import type { Tally } from './reconcile-ticket.ts';

/**
 * `found`: tickets whose deliveries were lost; `tickets`: all that were read; `failed`: sources that were not read as far as
 * one run reads; `partial`: those with more tickets of open changes than that.
 */
export type ReconcileSummary = Tally & { sources: number; failed: number; partial: number };

/** Sources that are read at once. Each expression of a mapping takes up to 80 MB of the function's memory. */
const AT_ONCE = 4;

/**
 * Senders lose deliveries: ServiceNow's RESTMessageV2 does not retry and its flows retry zero times by default, Jira gives
 * up after five. Reconcile therefore lists the recently approved tickets of each ticket system, reads the tickets whose
 * changes are still open, and processes both as ingest processes a delivery. Sources are read side by side, so that one
 * that fails or hardly answers does not stop the others.
 */
export async function reconcileSources(ports: ReconcilePorts, signal: AbortSignal): Promise<ReconcileSummary> {
  const readable = readableSources(ports, signal);
  const sources = readable.length;
  const tally = { tickets: 0, found: 0, refused: 0, unread: 0, superseded: [] };
  const summary: ReconcileSummary = { sources, ...tally, failed: 0, partial: 0 };
  await forEachAtOnce(readable, AT_ONCE, async ({ from, reader }) => {
    const read = await reconcileSource(ports, from, reader, summary, signal);
    if (read === 'partial') summary.partial += 1;
    if (read !== 'failed') return;
    summary.failed += 1;
    ports.meter.count('ReconcileFailed', 1, { source: from.name });
  });
  await drainSuperseded(ports, summary.superseded);
  const { superseded, ...counts } = summary;
  ports.log.info('reconciled', { ...counts, superseded: superseded.length });
  return summary;
}

type ReadableSource = { from: TicketSource; reader: TicketReader };

function readableSources({ configuration, tickets }: ReconcilePorts, signal: AbortSignal): ReadableSource[] {
  return Object.entries(configuration.sources).flatMap(([name, source]) => {
    const from = ticketSourceOf(name, source);
    const reader = tickets?.readerOf(name, signal);
    return from === undefined || reader === undefined ? [] : [{ from, reader }];
  });
}
