import { acceptDelivery } from '../../shared/accept/changes/accept-delivery.ts';
import { readChanges } from '../../shared/accept/changes/read-changes.ts';
import { acceptedBefore } from '../../shared/accept/changes/write-change.ts';
import { ticketSourceOf } from '../../shared/accept/tickets/ticket-source.ts';
import type { SourceConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { cancelChanges } from './cancel-changes.ts';
import { type OpenedDelivery, openDelivery } from './open-delivery.ts';
import type { Delivery, IngestPorts } from './ports.ts';
import { isCancellation } from './read-cancellations.ts';
import { tellRefused } from './tell-refused.ts';
import { processTicketDelivery } from './ticket-delivery.ts';

/**
 * Passes a delivery through the gates in order: the gates of `openDelivery` → where deliveries are tickets, approval
 * and read-back → changes (shape, grants) → ledger, queue; or the cancellations it asks for. Answers a change with 202
 * only when it is in the ledger and, unless it has to wait, on the queue; after any other answer it is safe to send
 * again. Never rejects.
 */
export async function handleDelivery(ports: IngestPorts, delivery: Delivery): Promise<HttpAnswer> {
  try {
    return await passGates(ports, delivery);
  } catch (error) {
    ports.log.error('delivery could not be taken', { code: 'ingest-unavailable', error });
    ports.meter.count('DeliveriesUnavailable', 1);
    return problem('unavailable', {
      detail: 'Nothing is lost: send the same delivery again, it is accepted once.',
      headers: { 'retry-after': '10' },
    });
  }
}

async function passGates(ports: IngestPorts, delivery: Delivery): Promise<HttpAnswer> {
  const opened = await openDelivery(ports, delivery);
  if ('refusal' in opened) return refuse(ports, opened.refusal);
  const answer = await dispatch(ports, delivery, opened);
  return answer.status < 300 ? answer : refuse(ports, answer);
}

/** A source's deliveries are tickets, or changes and cancellations. */
async function dispatch(
  ports: IngestPorts,
  delivery: Delivery,
  { source, value, contents }: OpenedDelivery,
): Promise<HttpAnswer> {
  const from = ticketSourceOf(delivery.source, source);
  if (from !== undefined) return processTicketDelivery(ports, from, delivery, value);
  if (isCancellation(contents)) return cancelChanges(ports, delivery.source, contents);
  return acceptContents(ports, source, delivery, contents);
}

async function acceptContents(ports: IngestPorts, source: SourceConfiguration, delivery: Delivery, value: unknown) {
  const read = readChanges(ports.configuration, delivery.source, source, value);
  if ('changes' in read) return acceptDelivery(ports, source, delivery, read.changes);
  // A resend gets the answer of before, also where the configuration would refuse it by now.
  const resent = await acceptedBefore(ports, read.readable);
  if (resent.length > 0) return acceptDelivery(ports, source, delivery, resent);
  await tellRefused(ports, { name: delivery.source, source }, value, read.faults);
  return read.refusal;
}

/** Counts by status alone: nothing that an unverified request contains may become a metric's dimension. */
function refuse(ports: IngestPorts, answer: HttpAnswer): HttpAnswer {
  ports.meter.count('DeliveriesRefused', 1, { status: String(answer.status) });
  return answer;
}
