import type { TicketComment } from '../../shared/domain/ledger/plan-request.ts';
import type { PlanPorts } from './ports.ts';

/**
 * Writes a comment for a function that holds no credential to write with (docs/approvals.md). Once in effect: the writer
 * finds a comment with this marker. Rejects as the ticket system does, and the queue delivers it again.
 */
export async function writeComment(
  { tickets, log }: Pick<PlanPorts, 'tickets' | 'log'>,
  { source, ticketId }: { source: string; ticketId: string },
  { text, marker }: TicketComment,
): Promise<void> {
  const said = await tickets.writerOf(source)?.comment(ticketId, text, marker);
  log.info('a ticket was told', { source, ticket: ticketId, said: said ?? 'its source cannot be answered' });
}
