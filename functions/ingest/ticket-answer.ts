import { answerAccepted } from '../../shared/accept/changes/accept-delivery.ts';
import type { TicketResult } from '../../shared/accept/tickets/process-ticket.ts';
import type { HttpAnswer } from '../../shared/domain/http/http-problem.ts';
import { jsonAnswer } from '../../shared/domain/http/json-answer.ts';

/** Answers the sender of a ticket; the status is 2xx unless the sender should send the delivery again. */
export function answerTicket(result: TicketResult, ticketId: string, publicUrl: string): HttpAnswer {
  switch (result.kind) {
    case 'accepted':
      return answerAccepted(result.changes, result.acceptance, publicUrl);
    case 'unacceptable':
      return result.answer;
    case 'refused':
      return jsonAnswer(200, { ticket: ticketId, result: 'refused', reason: result.reason, detail: result.sentence });
    case 'ignored':
      return ignored(result);
    case 'withdrawn':
    case 'submitted': {
      const { ended: cancelled, underWay } = result.counts;
      return jsonAnswer(200, { ticket: ticketId, result: result.kind, cancelled, underWay });
    }
  }
}

export const ignored = ({ reason, says }: { reason: string; says: string }): HttpAnswer =>
  jsonAnswer(200, { result: 'ignored', reason, detail: says });

export const planRequested = (ticketId: string): HttpAnswer =>
  jsonAnswer(202, { ticket: ticketId, result: 'plan-requested' });
