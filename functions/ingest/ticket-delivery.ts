import { refusalCommentFor } from '../../shared/accept/tickets/comment-refusal.ts';
import {
  processTicket,
  type TicketResult,
  UNKNOWN_TICKET,
  withdrawTicket,
} from '../../shared/accept/tickets/process-ticket.ts';
import { reportTicket } from '../../shared/accept/tickets/report-ticket.ts';
import { hasUnfinishedChanges } from '../../shared/accept/tickets/ticket-revisions.ts';
import type { TicketSource } from '../../shared/accept/tickets/ticket-source.ts';
import { judgeTicket, type TicketVerdict } from '../../shared/domain/approval/judge-ticket.ts';
import type { HttpAnswer } from '../../shared/domain/http/http-problem.ts';
import type { TicketRecord } from '../../shared/ports/ticket-system.ts';
import type { Delivery, IngestPorts } from './ports.ts';
import { tellTickets } from './tell-refused.ts';
import { answerTicket, ignored, planRequested } from './ticket-answer.ts';
import { readTicketBack, ticketFromPayload } from './ticket-read-back.ts';

/**
 * Processes a verified delivery of a source whose deliveries are tickets. Judges the ticket by the delivery's own fields;
 * unless it is ignored, reads it back and processes it as its system shows it. `payload`: the contents of the delivery.
 * Acknowledges everything that is not approved.
 */
export async function processTicketDelivery(
  ports: IngestPorts,
  from: TicketSource,
  delivery: Pick<Delivery, 'publicUrl'>,
  payload: unknown,
): Promise<HttpAnswer> {
  const verdict = judgeTicket(from.gate, payload, from.approval.integrationUser);
  if (!('ticketId' in verdict)) return ignoreTicket(ports, from, verdict);
  // The delivery shows no approval, but where changes of the ticket are unfinished, their approval may have ended.
  if (verdict.kind === 'ignored' && !(await hasUnfinishedChanges(ports, from.name, verdict.ticketId))) {
    return ignoreTicket(ports, from, verdict);
  }
  const read = await readTicketBack(ports, from, verdict.ticketId);
  if (read.kind === 'unavailable') return read.answer;
  if (read.kind === 'ignored') return ignoreTicket(ports, from, read);
  if (read.kind === 'gone') {
    const asked = { ticketId: verdict.ticketId, asOf: read.asOf };
    const gone = await withdrawTicket(ports, from, asked, UNKNOWN_TICKET);
    reportTicket(ports, { source: from.name, ticketId: asked.ticketId }, gone);
    return answerTicket(gone, asked.ticketId, delivery.publicUrl);
  }
  const snapshot = read.kind === 'read' ? read.snapshot : ticketFromPayload(ports, from, verdict.ticketId, payload);
  if (snapshot === undefined) return planOnly(ports, from, verdict, payload);
  const { ticket } = snapshot;
  const result = await processTicket(ports, from, snapshot);
  reportTicket(ports, { source: from.name, ticketId: ticket.id }, result);
  if (result.kind === 'submitted') return requestPlan(ports, from, ticket);
  await commentInTime(ports, from, ticket.id, result);
  return answerTicket(result, ticket.id, delivery.publicUrl);
}

function ignoreTicket(ports: IngestPorts, from: TicketSource, end: { reason: string; says: string }): HttpAnswer {
  ports.meter.count('TicketsIgnored', 1, { source: from.name, reason: end.reason });
  ports.log.info('ticket ignored', { source: from.name, reason: end.reason, says: end.says });
  return ignored(end);
}

/** Without read-back and without trust an approval is a mere claim, so the ticket gets the plan of a submitted ticket. */
async function planOnly(
  ports: IngestPorts,
  from: TicketSource,
  verdict: Extract<TicketVerdict, { ticketId: string }>,
  payload: unknown,
): Promise<HttpAnswer> {
  if (verdict.kind === 'ignored') return ignoreTicket(ports, from, verdict);
  if (verdict.kind === 'unclear') {
    return ignoreTicket(ports, from, { reason: 'not-approved', says: verdict.says });
  }
  if (verdict.kind === 'withdrawn') return ignoreTicket(ports, from, { reason: 'plan-only', says: PLAN_ONLY });
  return requestPlan(ports, from, { id: verdict.ticketId, payload });
}

async function requestPlan(
  ports: IngestPorts,
  from: TicketSource,
  { id, payload }: Pick<TicketRecord, 'id' | 'payload'>,
): Promise<HttpAnswer> {
  if (ports.plans === undefined)
    return ignoreTicket(ports, from, { reason: 'no-plans', says: 'plans are not made here' });
  await ports.plans.send({ source: from.name, ticketId: id, payload });
  ports.meter.count('PlansAskedFor', 1, { source: from.name });
  return planRequested(id);
}

const PLAN_ONLY = 'its tickets cannot be read back and are not trusted: nothing was accepted for it';

/** Comments a refusal on the ticket. Best effort: the answer does not depend on it. */
async function commentInTime(
  ports: IngestPorts,
  from: TicketSource,
  ticketId: string,
  result: TicketResult,
): Promise<void> {
  const notice = refusalCommentFor(result);
  if (notice !== undefined) await tellTickets(ports, from.name, [{ ticketId, notice }]);
}
