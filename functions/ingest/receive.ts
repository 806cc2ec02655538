import { acceptDelivery } from '../../shared/accept/accept-delivery.ts';
import { readChanges } from '../../shared/accept/read-changes.ts';
import type { SourceConfiguration } from '../../shared/domain/configuration.ts';
import { own } from '../../shared/domain/configured.ts';
import { type HttpAnswer, problem } from '../../shared/domain/problem.ts';
import { parseStrictJson } from '../../shared/domain/strict-json.ts';
import { cancelChanges } from './cancel-changes.ts';
import type { Delivery, Ingest } from './ports.ts';
import { asksForCancelling } from './read-cancellations.ts';
import { readEnvelope } from './read-envelope.ts';
import { verifyDelivery } from './verify-delivery.ts';

/**
 * The way of a delivery, one gate after the other: envelope → source → signature over the raw body → changes (shape,
 * grants) → ledger, queue; or what it asks back. Nothing of the body is parsed or logged before its signature was
 * verified. Answers 202 only when every change is in the ledger and, unless it has to wait, on the queue; any other
 * answer is safe to resend. Never rejects.
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
  const json = parseStrictJson(envelope.body);
  if (!json.ok) return refuse(ingest, problem('not-json', { detail: json.sentence }));
  const answer = asksForCancelling(json.value)
    ? await cancelChanges(ingest, delivery.source, json.value)
    : await accept(ingest, source, delivery, json.value);
  return answer.status < 300 ? answer : refuse(ingest, answer);
}

async function accept(ingest: Ingest, source: SourceConfiguration, delivery: Delivery, value: unknown) {
  const asked = readChanges(ingest.configuration, delivery.source, source, value);
  return 'refusal' in asked ? asked.refusal : acceptDelivery(ingest, source, delivery, asked.changes);
}

/** Counted by status alone: what an unverified request says about itself must not become a metric's name. */
function refuse(ingest: Ingest, answer: HttpAnswer): HttpAnswer {
  ingest.meter.count('DeliveriesRefused', 1, { status: String(answer.status) });
  return answer;
}
