import type { SourceConfiguration } from '../../shared/domain/configuration.ts';
import { secretNames } from '../../shared/domain/configuration.ts';
import { refKey } from '../../shared/domain/lane.ts';
import { type HttpAnswer, problem } from '../../shared/domain/problem.ts';
import type { ChangeRecord } from '../../shared/domain/records.ts';
import { scheduledAt } from '../../shared/domain/schedule.ts';
import { statusHash, statusToken, statusUrl } from '../../shared/domain/status-token.ts';
import { acceptInOrder, isOther, ring } from './accept-change.ts';
import { admit } from './admit.ts';
import type { Delivery, Ingest } from './ports.ts';
import type { AskedChange } from './read-changes.ts';

/**
 * Takes a valid delivery in: what the ledger knows already is resumed from where it stands, what is new is admitted,
 * entered in order, sent and marked. Rejects if a port fails; everything done by then is found by the resend.
 */
export async function acceptDelivery(
  ingest: Ingest,
  source: SourceConfiguration,
  delivery: Delivery,
  asked: readonly AskedChange[],
): Promise<HttpAnswer> {
  const { once, contradicting } = withoutRepeats(asked);
  if (contradicting.length > 0) return conflict(contradicting, 'is named by two different changes of this delivery');
  const known = await Promise.all(once.map((one) => ingest.ledger.readChange(one.ref)));
  const differing = once.filter((one, index) => isOther(known[index], one));
  if (differing.length > 0) return conflict(differing, TAKEN);
  const fresh = once.filter((_, index) => known[index] === undefined);
  const refusal = await admit(ingest, source, delivery.source, fresh);
  if (refusal !== undefined) return refusal;

  const urls = await linkStatus(ingest, delivery.publicUrl, once);
  const entered = await acceptInOrder(ingest, fresh);
  const records = [...known.filter((one) => one !== undefined), ...entered.records];
  const settled = await ring(ingest, records);
  report(ingest, delivery.source, fresh, records);
  if (entered.overtaken.length > 0) return conflict(entered.overtaken, TAKEN_MEANWHILE);
  return answer(asked, urls, settled);
}

const TAKEN = 'was accepted before with another payload; none of this delivery was accepted';
const TAKEN_MEANWHILE = 'was accepted with another payload at this moment; the others of this delivery were accepted';

/** The same change twice in one delivery is one change; two changes under one key are a contradiction. */
function withoutRepeats(asked: readonly AskedChange[]) {
  const first = new Map<string, AskedChange>();
  const contradicting: AskedChange[] = [];
  for (const one of asked) {
    const earlier = first.get(refKey(one.ref));
    if (earlier === undefined) first.set(refKey(one.ref), one);
    else if (earlier.fingerprint !== one.fingerprint) contradicting.push(one);
  }
  return { once: [...first.values()], contradicting };
}

function conflict(changes: readonly AskedChange[], says: string): HttpAnswer {
  const keys = changes.map((one) => `"${one.ref.idempotencyKey}"`);
  const shown = keys.length > 5 ? [...keys.slice(0, 5), `and ${keys.length - 5} more`] : keys;
  return problem('key-conflict', { detail: `${shown.join(', ')} ${says}. Give every change a key of its own.` });
}

/** Links before records: whatever is accepted can be looked up. Putting a link again only moves its expiry. */
async function linkStatus(ingest: Ingest, publicUrl: string, asked: readonly AskedChange[]) {
  const secret = await ingest.secrets.read(secretNames.status(ingest.configuration.name));
  const expiresAt = ingest.clock.now() + ingest.timing.statusKeptMs;
  const urls = new Map<string, string>();
  const links = asked.map(({ ref }) => {
    const token = statusToken(secret, ref);
    urls.set(refKey(ref), statusUrl(publicUrl, token));
    return { hash: statusHash(token), ref, expiresAt };
  });
  await Promise.all(links.map((link) => ingest.ledger.putStatusLink(link)));
  return urls;
}

function report(ingest: Ingest, source: string, fresh: readonly AskedChange[], records: readonly ChangeRecord[]) {
  const keys = new Set(fresh.map((one) => refKey(one.ref)));
  const accepted = records.filter((one) => keys.has(refKey(one.ref)));
  ingest.meter.count('ChangesAccepted', accepted.length, { source });
  ingest.log.info('delivery taken', {
    source,
    repeated: records.length - accepted.length,
    accepted: accepted.map(({ ref, correlationId, sequence }) => ({
      lane: ref.lane,
      key: ref.idempotencyKey,
      correlationId,
      sequence,
    })),
  });
}

/** One entry per change asked for, in the order asked; a resend differs in `state` at most. */
function answer(
  asked: readonly AskedChange[],
  urls: Map<string, string>,
  records: readonly ChangeRecord[],
): HttpAnswer {
  const known = new Map(records.map((record) => [refKey(record.ref), record]));
  const changes = asked.map(({ ref }) => ({
    idempotencyKey: ref.idempotencyKey,
    tenant: ref.tenant,
    ...standing(known.get(refKey(ref))),
    statusUrl: urls.get(refKey(ref)),
  }));
  const only = changes.length === 1 ? changes[0]?.statusUrl : undefined;
  return {
    status: 202,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(only === undefined ? {} : { location: only }),
    },
    body: JSON.stringify({ changes }),
  };
}

function standing(record: ChangeRecord | undefined) {
  if (record?.state !== 'scheduled' || record.scheduledFor === undefined) return { state: record?.state };
  return { state: record.state, scheduledFor: scheduledAt(record.scheduledFor) };
}
