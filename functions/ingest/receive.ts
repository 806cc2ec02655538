import { own } from '../../shared/domain/configured.ts';
import { type HttpAnswer, problem } from '../../shared/domain/problem.ts';
import { acceptDelivery } from './accept-delivery.ts';
import type { Delivery, Ingest } from './ports.ts';
import { readChanges } from './read-changes.ts';
import { readEnvelope } from './read-envelope.ts';
import { verifyDelivery } from './verify-delivery.ts';

/**
 * The way of a delivery, one gate after the other: envelope → source → signature over the raw body → changes (shape,
 * grants) → ledger, queue. Nothing of the body is parsed or logged before its signature was verified. Answers 202 only
 * when every change is in the ledger and on the queue; any other answer is safe to resend. Never rejects.
 */
export async function receive(ingest: Ingest, delivery: Delivery): Promise<HttpAnswer> {
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

async function passGates(ingest: Ingest, delivery: Delivery): Promise<HttpAnswer> {
  const envelope = readEnvelope(delivery);
  if ('refusal' in envelope) return refuse(ingest, envelope.refusal);
  const source = own(ingest.configuration.sources, delivery.source);
  if (source === undefined) {
    return refuse(ingest, problem('unknown-source', { detail: 'No webhook has this address.' }));
  }
  const unverified = await verifyDelivery(ingest, source, delivery, envelope);
  if (unverified !== undefined) return refuse(ingest, unverified);
  const asked = readChanges(ingest.configuration, delivery.source, source, envelope.body);
  if ('refusal' in asked) return refuse(ingest, asked.refusal);
  const answer = await acceptDelivery(ingest, source, delivery, asked.changes);
  return answer.status === 202 ? answer : refuse(ingest, answer);
}

/** Counted by status alone: what an unverified request says about itself must not become a metric's name. */
function refuse(ingest: Ingest, answer: HttpAnswer): HttpAnswer {
  ingest.meter.count('DeliveriesRefused', 1, { status: String(answer.status) });
  return answer;
}
