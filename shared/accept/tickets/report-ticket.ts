import type { Log, Meter } from '../../ports/ports.ts';
import type { TicketEnd } from './take-ticket.ts';

/**
 * Counts and logs what became of a ticket: numbers, names of ours and of the configuration, and where the ticket's own
 * words are at fault, how many faults. What was accepted is reported where it is entered.
 */
export function reportTicket(
  { log, meter }: { log: Log; meter: Meter },
  { source, ticketId }: { source: string; ticketId: string },
  end: TicketEnd,
): void {
  const fields = { source, ticket: ticketId };
  switch (end.kind) {
    case 'accepted':
      if (end.superseded > 0) meter.count('ChangesSuperseded', end.superseded, { source });
      if (end.superseded > 0) log.info('earlier approvals superseded', { ...fields, count: end.superseded });
      return;
    case 'withdrawn':
    case 'submitted':
      if (end.taking.ended > 0) meter.count('ChangesCancelled', end.taking.ended, { source });
      log.info(`ticket ${end.kind}`, { ...fields, cancelled: end.taking.ended, underWay: end.taking.underWay });
      return;
    case 'ignored':
      meter.count('TicketsIgnored', 1, { source, reason: end.reason });
      log.info('ticket ignored', { ...fields, reason: end.reason, says: end.says });
      return;
    case 'refused':
      meter.count('TicketsRefused', 1, { source, reason: end.reason });
      log.warn('an approved ticket is not taken', { ...fields, reason: end.reason });
      return;
    case 'unacceptable':
      meter.count('TicketsRefused', 1, { source, reason: String(end.answer.status) });
      log.warn('an approved ticket is not taken', { ...fields, status: end.answer.status, faults: end.faults.length });
  }
}
