import { commentRefusal, refusalCommentFor } from '../../shared/accept/tickets/comment-refusal.ts';
import type { TicketResult } from '../../shared/accept/tickets/process-ticket.ts';
import { errorCode } from '../../shared/ports/error-code.ts';
import type { ReconcilePorts } from './ports.ts';

/** After so many comments that the ticket system had no time for, one run adds no more: each may have taken a timeout. */
const MAX_UNANSWERED = 3;

/** Comments on a ticket if its result is a refusal. Never rejects. */
export type CommentOnRefusal = (ticketId: string, result: TicketResult) => Promise<void>;

/**
 * The comments of one source in one run. Best effort: a ticket that takes no comment was processed all the same, and the
 * next run comments again. Comments must not take the time in which the other tickets are read.
 */
export function commentOnRefusals(
  { tickets, log, meter }: ReconcilePorts,
  source: string,
  signal: AbortSignal,
): CommentOnRefusal {
  let unanswered = 0;
  return async (ticketId, result) => {
    const notice = refusalCommentFor(result);
    if (notice === undefined || unanswered >= MAX_UNANSWERED) return;
    try {
      const writer = tickets?.writerOf(source, signal);
      if (writer !== undefined) await commentRefusal(writer, ticketId, notice);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'tickets-unavailable' || code === 'tickets-limited') unanswered += 1;
      log.warn('a ticket was not told', { source, ticket: ticketId, error });
      meter.count('RefusalCommentFailed', 1, { source });
    }
  };
}
