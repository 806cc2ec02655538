import type { TicketText } from '../../shared/domain/text/ticket-text.ts';
import type { TicketWriter } from '../../shared/ports/ticket-system.ts';
import { TicketError } from '../../shared/tickets/http/ticket-error.ts';

/** A ticket that does not exist, or an id that none can have, is a shortcoming: another try would not help. */
export async function commentOn(writer: TicketWriter, ticket: string, text: TicketText, marker: string) {
  try {
    const said = await writer.comment(ticket, text, marker);
    if (said === 'no-ticket') return { code: 'no-ticket', reason: 'the ticket system has no such ticket' } as const;
    return said;
  } catch (error) {
    if (error instanceof TicketError && (error.code === 'ticket-id' || error.code === 'ticket-ambiguous')) {
      return { code: error.code, reason: error.message };
    }
    throw error;
  }
}
