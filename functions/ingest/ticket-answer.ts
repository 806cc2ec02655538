import { answerTaken } from '../../shared/accept/changes/accept-delivery.ts';
import type { TicketEnd } from '../../shared/accept/tickets/take-ticket.ts';
import type { HttpAnswer } from '../../shared/domain/http/http-problem.ts';
import { jsonAnswer } from '../../shared/domain/http/json-answer.ts';

/** What the sender of a ticket is told. What it need not send again is answered 2xx. */
export function answerEnd(end: TicketEnd, ticketId: string, publicUrl: string): HttpAnswer {
  switch (end.kind) {
    case 'accepted':
      return answerTaken(end.asked, end.taken, publicUrl);
    case 'unacceptable':
      return end.answer;
    case 'refused':
      return jsonAnswer(200, { ticket: ticketId, result: 'refused', reason: end.reason, detail: end.sentence });
    case 'ignored':
      return ignored(end);
    case 'withdrawn':
    case 'submitted': {
      const { ended: cancelled, underWay } = end.taking;
      return jsonAnswer(200, { ticket: ticketId, result: end.kind, cancelled, underWay });
    }
  }
}

export const ignored = ({ reason, says }: { reason: string; says: string }): HttpAnswer =>
  jsonAnswer(200, { result: 'ignored', reason, detail: says });

export const planRequested = (ticketId: string): HttpAnswer =>
  jsonAnswer(202, { ticket: ticketId, result: 'plan-requested' });
