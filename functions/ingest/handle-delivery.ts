import { acceptDelivery } from '../../shared/accept/changes/accept-delivery.ts';
import { readChanges } from '../../shared/accept/changes/read-changes.ts';
import { ticketSourceOf } from '../../shared/accept/tickets/ticket-source.ts';
import type { SourceConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { cancelChanges } from './cancel-changes.ts';
import { type Opened, openDelivery } from './open-delivery.ts';
import type { Delivery, IngestPorts } from './ports.ts';
import { isCancellation } from './read-cancellations.ts';
import { takeTicketDelivery } from './ticket-delivery.ts';

/**
 * The way of a delivery, one gate after the other: what `openDelivery` holds against it → a ticket's approval and read-back,
 * where deliveries are tickets → changes (shape, grants) → ledger, queue; or what is taken back. Answers a change with 202
 * only when it is in the ledger and, unless it has to wait, on the queue; any other answer is safe to resend. Never rejects.
 */
export async function handleDelivery(ingest: IngestPorts, delivery: Delivery): Promise<HttpAnswer> {
  try {
    return await passGates(ingest, delivery);
  } catch (error) {
    ingest.log.error('delivery could not be taken', { code: 'ingest-unavailable', error });
    ingest.meter.count('DeliveriesUnavailable', 1);
    return problem('unavailable', {
      detail: 'Nothing is lost: send the same delivery again, it is accepted once.',
      headers: { 'retry-after': '10' },
    });
  }
}

async function passGates(ingest: IngestPorts, delivery: Delivery): Promise<HttpAnswer> {
  const opened = await openDelivery(ingest, delivery);
  if ('refusal' in opened) return refuse(ingest, opened.refusal);
  const answer = await take(ingest, delivery, opened);
  return answer.status < 300 ? answer : refuse(ingest, answer);
}

/** A source's deliveries are tickets, or changes and what is asked back of them. */
async function take(ingest: IngestPorts, delivery: Delivery, { source, value, contents }: Opened): Promise<HttpAnswer> {
  const from = ticketSourceOf(delivery.source, source);
  if (from !== undefined) return takeTicketDelivery(ingest, from, delivery, value);
  if (isCancellation(contents)) return cancelChanges(ingest, delivery.source, contents);
  return accept(ingest, source, delivery, contents);
}

async function accept(ingest: IngestPorts, source: SourceConfiguration, delivery: Delivery, value: unknown) {
  const asked = readChanges(ingest.configuration, delivery.source, source, value);
  return 'refusal' in asked ? asked.refusal : acceptDelivery(ingest, source, delivery, asked.changes);
}

/** Counted by status alone: what an unverified request says about itself must not become a metric's name. */
function refuse(ingest: IngestPorts, answer: HttpAnswer): HttpAnswer {
  ingest.meter.count('DeliveriesRefused', 1, { status: String(answer.status) });
  return answer;
}
