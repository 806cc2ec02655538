import { acceptDelivery } from '../../shared/accept/accept-delivery.ts';
import { readChanges } from '../../shared/accept/read-changes.ts';
import type { SourceConfiguration } from '../../shared/domain/configuration.ts';
import { type HttpAnswer, problem } from '../../shared/domain/problem.ts';
import { cancelChanges } from './cancel-changes.ts';
import { openDelivery } from './open-delivery.ts';
import type { Delivery, Ingest } from './ports.ts';
import { asksForCancelling } from './read-cancellations.ts';

/**
 * The way of a delivery, one gate after the other: what `openDelivery` holds against it → changes (shape, grants) →
 * ledger, queue; or what it asks back. Answers 202 only when every change is in the ledger and, unless it has to wait, on the queue; any other
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
  const opened = await openDelivery(ingest, delivery);
  if ('refusal' in opened) return refuse(ingest, opened.refusal);
  const { source, contents } = opened;
  const answer = asksForCancelling(contents)
    ? await cancelChanges(ingest, delivery.source, contents)
    : await accept(ingest, source, delivery, contents);
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
