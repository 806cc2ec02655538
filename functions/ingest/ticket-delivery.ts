import { commentRefusal, refusalCommentFor } from '../../shared/accept/tickets/comment-refusal.ts';
import { reportTicket } from '../../shared/accept/tickets/report-ticket.ts';
import { type TicketEnd, takeTicket } from '../../shared/accept/tickets/take-ticket.ts';
import { changesOfTicket } from '../../shared/accept/tickets/ticket-revisions.ts';
import type { TicketSource } from '../../shared/accept/tickets/ticket-source.ts';
import { judgeTicket, type TicketVerdict } from '../../shared/domain/approval/judge-ticket.ts';
import type { HttpAnswer } from '../../shared/domain/http/http-problem.ts';
import type { TicketRecord } from '../../shared/ports/ticket-system.ts';
import { inTime } from '../../shared/runtime/in-time.ts';
import type { Delivery, IngestPorts } from './ports.ts';
import { answerEnd, ignored, planRequested } from './ticket-answer.ts';
import { readTicketBack, ticketAsTold } from './ticket-read-back.ts';

/** What is said on a ticket must not hold up the answer; reconciling says what could not be said now. */
const TELL_MS = 3000;

/**
 * A verified delivery of a source whose deliveries are tickets: judged by its own fields, and unless it is left alone, read
 * back and taken as it stands there. `payload`: what the delivery holds. Everything that is not approved is acknowledged.
 */
export async function takeTicketDelivery(
  ingest: IngestPorts,
  from: TicketSource,
  delivery: Pick<Delivery, 'publicUrl'>,
  payload: unknown,
): Promise<HttpAnswer> {
  const verdict = judgeTicket(from.gate, payload, from.approval.integrationUser);
  if (verdict.kind === 'ignored' && verdict.reason !== 'not-approved') return leave(ingest, from, verdict);
  if (verdict.kind === 'ignored' && !(await mayHaveLapsed(ingest, from, verdict.ticketId))) {
    return leave(ingest, from, verdict);
  }
  const read = await readTicketBack(ingest, from, verdict.ticketId);
  if (read.kind === 'unavailable') return read.answer;
  if (read.kind === 'ignored') return leave(ingest, from, read);
  const seen = read.kind === 'read' ? read.seen : ticketAsTold(ingest, from, verdict.ticketId, payload);
  if (seen === undefined) return planOnly(ingest, from, verdict, payload);
  const { ticket } = seen;
  const end = await takeTicket(ingest, from, seen);
  reportTicket(ingest, { source: from.name, ticketId: ticket.id }, end);
  if (end.kind === 'submitted') return askForPlan(ingest, from, ticket);
  await tell(ingest, from, ticket.id, end);
  return answerEnd(end, ticket.id, delivery.publicUrl);
}

/** It is not approved, and changes of it are open: whether their approval still stands, its system knows. */
async function mayHaveLapsed(ingest: IngestPorts, { name }: TicketSource, ticketId: string): Promise<boolean> {
  if (ingest.tickets?.readerOf(name) === undefined) return false;
  const known = await changesOfTicket(ingest, name, ticketId);
  return known.some(({ state }) => state !== 'settled');
}

function leave(ingest: IngestPorts, from: TicketSource, end: { reason: string; says: string }): HttpAnswer {
  ingest.meter.count('TicketsIgnored', 1, { source: from.name, reason: end.reason });
  ingest.log.info('ticket ignored', { source: from.name, reason: end.reason, says: end.says });
  return ignored(end);
}

/** Without read-back and without trust, an approval is a claim: it gets the plan that a submitted ticket gets. */
async function planOnly(
  ingest: IngestPorts,
  from: TicketSource,
  verdict: Extract<TicketVerdict, { ticketId: string }>,
  payload: unknown,
): Promise<HttpAnswer> {
  if (verdict.kind === 'unclear' || verdict.kind === 'ignored') {
    return leave(ingest, from, { reason: 'not-approved', says: verdict.says });
  }
  if (verdict.kind === 'withdrawn') return leave(ingest, from, { reason: 'plan-only', says: PLAN_ONLY });
  return askForPlan(ingest, from, { id: verdict.ticketId, payload });
}

async function askForPlan(
  ingest: IngestPorts,
  from: TicketSource,
  { id, payload }: Pick<TicketRecord, 'id' | 'payload'>,
): Promise<HttpAnswer> {
  if (ingest.plans === undefined) return leave(ingest, from, { reason: 'no-plans', says: 'plans are not made here' });
  await ingest.plans.ask({ source: from.name, ticketId: id, payload });
  ingest.meter.count('PlansAskedFor', 1, { source: from.name });
  return planRequested(id);
}

const PLAN_ONLY = 'its tickets cannot be read back and are not trusted: nothing was accepted for it';

/** Best effort: the answer does not depend on it. */
async function tell(ingest: IngestPorts, from: TicketSource, ticketId: string, end: TicketEnd): Promise<void> {
  const notice = refusalCommentFor(end);
  if (notice === undefined) return;
  try {
    await inTime(ingest.clock, TELL_MS, async (signal) => {
      const writer = ingest.tickets?.writerOf(from.name, signal);
      if (writer !== undefined) await commentRefusal(writer, ticketId, notice);
    });
  } catch (error) {
    ingest.log.warn('a ticket was not told', { source: from.name, ticket: ticketId, error });
  }
}
