import { answerTaken } from '../../shared/accept/changes/accept-delivery.ts';
import type { TicketEnd } from '../../shared/accept/tickets/take-ticket.ts';
import type { HttpAnswer } from '../../shared/domain/http/http-problem.ts';

/** What the sender of a ticket is told. What it need not send again is answered 2xx. */
export function answerEnd(end: TicketEnd, ticketId: string, publicUrl: string): HttpAnswer {
  switch (end.kind) {
    case 'accepted':
      return answerTaken(end.asked, end.taken, publicUrl);
    case 'unacceptable':
      return end.answer;
    case 'refused':
      return acknowledged({ ticket: ticketId, result: 'refused', reason: end.reason, detail: end.sentence });
    case 'ignored':
      return ignored(end);
    case 'withdrawn':
    case 'submitted': {
      const { ended: cancelled, underWay } = end.taking;
      return acknowledged({ ticket: ticketId, result: end.kind, cancelled, underWay });
    }
  }
}

export const ignored = ({ reason, says }: { reason: string; says: string }): HttpAnswer =>
  acknowledged({ result: 'ignored', reason, detail: says });

export const planRequested = (ticketId: string): HttpAnswer =>
  acknowledged({ ticket: ticketId, result: 'plan-requested' }, 202);

function acknowledged(body: object, status = 200): HttpAnswer {
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  return { status, headers, body: JSON.stringify(body) };
}
