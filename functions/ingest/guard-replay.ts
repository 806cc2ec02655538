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
 * The refusal of a body that was captured and is sent again, as another delivery or too late. The very same delivery
 * again passes: what it asks for is known by then, and it gets the answer of the first. Sources whose scheme signs id and
 * time need none of this and cause no write.
 */
export async function guardReplay(
  ingest: IngestPorts,
  source: SourceConfiguration,
  delivery: Delivery,
  { body, value }: Verified,
): Promise<HttpAnswer | undefined> {
  const rule = replayRuleOf(source.scheme, source.replay);
  if (rule === undefined) return undefined;
  const now = ingest.clock.now();
  const { toleranceSeconds } = source;
  const read = readDeliveryIdentity(rule, { headers: delivery.headers, value, now, toleranceSeconds });
  if ('fault' in read) return problem(read.fault.code, { detail: read.fault.detail });
  return await remember(ingest, rule, {
    version: ABSENT,
    source: delivery.source,
    bodyHash: createHash('sha256').update(body).digest('hex'),
    id: read.identity.id,
    at: now,
    keptUntil: retentionEnd(rule, read.identity, now, toleranceSeconds),
  });
}

/** One conditional write settles who was first; it is repeated only over a record that is past its time. */
async function remember(
  ingest: IngestPorts,
  rule: ReplayRule,
  record: DeliveryRecord,
): Promise<HttpAnswer | undefined> {
  let written = await ingest.ledger.writeDelivery(record, ABSENT);
  const stale = written.written ? undefined : written.found;
  if (stale !== undefined && stale.keptUntil < record.at) {
    written = await ingest.ledger.writeDelivery(record, stale.version);
  }
  if (written.written) return undefined;
  // Deleted between the write and the look: nobody else has it now, and the sender comes again.
  if (written.found === undefined) throw new ForgottenDelivery();
  const verdict = judgeReplay(rule, written.found, record.id, record.at);
  return verdict === 'resumed' ? undefined : problem('delivery-replayed', { detail: DETAILS[verdict] });
}

const DETAILS = {
  'other-id': 'The same body came before under another delivery id. Redeliver the first one, or send a new event.',
  'too-late': 'The same delivery came first longer ago than this source sends again. Send a new event.',
};

class ForgottenDelivery extends Error {
  override readonly name = 'ForgottenDelivery';
  readonly code = 'forgotten-delivery';

  constructor() {
    super('A remembered delivery vanished while it was looked at.');
  }
}
