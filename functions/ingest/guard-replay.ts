import { createHash } from 'node:crypto';
import type { SourceConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import {
  type DeliveryRecord,
  judgeReplay,
  type ReplayRule,
  readDeliveryIdentity,
  replayRuleOf,
  retentionEnd,
} from '../../shared/domain/source/replay-protection.ts';
import { ABSENT } from '../../shared/ports/ports.ts';
import type { Delivery, IngestPorts } from './ports.ts';

type Verified = { body: string; value: unknown };

/**
 * Refuses a captured body that somebody sends again under another delivery id or too late. A resend of the same delivery
 * passes: the ledger knows its changes by then, and it gets the answer of the first. Sources whose scheme signs id and
 * time need no record and cause no write.
 */
export async function guardReplay(
  ports: IngestPorts,
  source: SourceConfiguration,
  delivery: Delivery,
  { body, value }: Verified,
): Promise<HttpAnswer | undefined> {
  const rule = replayRuleOf(source.scheme, source.replay);
  if (rule === undefined) return undefined;
  const now = ports.clock.now();
  const { toleranceSeconds } = source;
  const read = readDeliveryIdentity(rule, { headers: delivery.headers, value, now, toleranceSeconds });
  if ('fault' in read) return problem(read.fault.code, { detail: read.fault.detail });
  return await recordDelivery(ports, rule, {
    version: ABSENT,
    source: delivery.source,
    bodyHash: createHash('sha256').update(body).digest('hex'),
    id: read.identity.id,
    at: now,
    keptUntil: retentionEnd(rule, read.identity, now, toleranceSeconds),
  });
}

/** One conditional write decides which delivery was first; it is repeated only over a record that has expired. */
async function recordDelivery(
  ports: IngestPorts,
  rule: ReplayRule,
  record: DeliveryRecord,
): Promise<HttpAnswer | undefined> {
  let written = await ports.ledger.writeDelivery(record, ABSENT);
  const stale = written.written ? undefined : written.found;
  if (stale !== undefined && stale.keptUntil < record.at) {
    written = await ports.ledger.writeDelivery(record, stale.version);
  }
  if (written.written) return undefined;
  // The record was deleted between the write and the read: no other delivery holds it, and the sender sends again.
  if (written.found === undefined) throw new ForgottenDelivery();
  const verdict = judgeReplay(rule, written.found, record.id, record.at);
  return verdict === 'resumed' ? undefined : problem('delivery-replayed', { detail: DETAILS[verdict] });
}

const DETAILS = {
  'other-id': 'The same body arrived before under another delivery id. Redeliver the first one, or send a new event.',
  'too-late': 'The same delivery first arrived longer ago than this source repeats deliveries. Send a new event.',
};

class ForgottenDelivery extends Error {
  override readonly name = 'ForgottenDelivery';
  readonly code = 'forgotten-delivery';

  constructor() {
    super('A remembered delivery vanished while it was looked at.');
  }
}
