import type { SourceConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { replayRuleOf, withoutDeliveryIdentity } from '../../shared/domain/source/replay-protection.ts';
import { parseStrictJson } from '../../shared/domain/text/strict-json.ts';
import { guardReplay } from './guard-replay.ts';
import type { Delivery, IngestPorts } from './ports.ts';
import { judgeHead, readBody } from './read-envelope.ts';
import { judgeAddress, verifyDelivery } from './verify-delivery.ts';

/**
 * `value`: the parsed body. `contents`: the same without top-level fields that only identify the delivery (its id, its
 * time); our own contract is read from it.
 */
export type OpenedDelivery = { source: SourceConfiguration; value: unknown; contents: unknown };

/**
 * Checks a delivery before its contents are read: method and headers → source → address → size and encoding of the body →
 * proof over the raw body → JSON → replay. Each gate touches more of the request than the one before it, and nothing is
 * parsed before it is proved. Rejects if a port fails.
 */
export async function openDelivery(
  ports: IngestPorts,
  delivery: Delivery,
): Promise<OpenedDelivery | { refusal: HttpAnswer }> {
  const unread = judgeHead(delivery);
  if (unread !== undefined) return { refusal: unread };
  const source = lookup(ports.configuration.sources, delivery.source);
  if (source === undefined) return { refusal: problem('unknown-source', { detail: 'No webhook has this address.' }) };
  const elsewhere = judgeAddress(source, delivery);
  if (elsewhere !== undefined) return refuseUnproven(ports, delivery, elsewhere);
  const read = readBody(delivery);
  if ('refusal' in read) return read;
  const unverified = await verifyDelivery(ports, source, delivery, read.body);
  if (unverified !== undefined) return refuseUnproven(ports, delivery, unverified);
  const json = parseStrictJson(read.body);
  if (!json.ok) return { refusal: problem('not-json', { detail: json.sentence }) };
  const replayed = await guardReplay(ports, source, delivery, { body: read.body, value: json.value });
  if (replayed !== undefined) return { refusal: replayed };
  const rule = replayRuleOf(source.scheme, source.replay);
  return {
    source,
    value: json.value,
    contents: rule === undefined ? json.value : withoutDeliveryIdentity(rule, json.value),
  };
}

/**
 * Counts by source, which is a configured one here, so that requests cannot add values. A 5xx says that the secret is not
 * set up, and nothing about the sender.
 */
function refuseUnproven(ports: IngestPorts, { source }: Delivery, refusal: HttpAnswer): { refusal: HttpAnswer } {
  if (refusal.status < 500) ports.meter.count('DeliveriesUnproven', 1, { source });
  return { refusal };
}
