import type { Log, Meter } from '../../ports/ports.ts';
import type { TicketResult } from './process-ticket.ts';

/**
 * Counts and logs the result of processing a ticket. Logs only numbers, our own names and the configuration's; of faults in
 * the ticket's contents, only their number. Accepted changes are reported by `acceptChanges`, cancelled ones are counted by
 * `cancelUnfinished`.
 */
export function reportTicket(
  { log, meter }: { log: Log; meter: Meter },
  { source, ticketId }: { source: string; ticketId: string },
  result: TicketResult,
): void {
  const fields = { source, ticket: ticketId };
  switch (result.kind) {
    case 'accepted':
      if (result.superseded > 0) meter.count('ChangesSuperseded', result.superseded, { source });
      if (result.superseded > 0) log.info('earlier approvals superseded', { ...fields, count: result.superseded });
      return;
    case 'withdrawn':
    case 'submitted':
      log.info(`ticket ${result.kind}`, {
        ...fields,
        cancelled: result.counts.ended,
        underWay: result.counts.underWay,
      });
      return;
    case 'ignored':
      meter.count('TicketsIgnored', 1, { source, reason: result.reason });
      log.info('ticket ignored', { ...fields, reason: result.reason, says: result.says });
      return;
    case 'refused':
      meter.count('TicketsRefused', 1, { source, reason: result.reason });
      log.warn('an approved ticket is not taken', { ...fields, reason: result.reason });
      return;
    case 'unacceptable':
      meter.count('TicketsRefused', 1, { source, reason: String(result.answer.status) });
      log.warn('an approved ticket is not taken', {
        ...fields,
        status: result.answer.status,
        faults: result.faults.length,
      });
  }
}
