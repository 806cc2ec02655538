import type { SourceConfiguration } from '../../domain/configuration/configuration.ts';
import { secretNames } from '../../domain/configuration/configuration.ts';
import { type HttpAnswer, problem } from '../../domain/http/http-problem.ts';
import { statusHash, statusToken } from '../../domain/http/status-token.ts';
import { refKey } from '../../domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import { rotatingKeys } from '../../domain/source/rotating-secret.ts';
import type { AcceptPorts } from './accept-ports.ts';
import { checkAcceptanceLimits, takeHourlyPlaces } from './acceptance-limits.ts';
import { claimedElsewhere, claimKey } from './claim-keys.ts';
import type { RequestedChange } from './read-changes.ts';
import { acceptInOrder, enqueue, isDifferentChange } from './write-change.ts';

/** The records as stored, how many of them are new, and the tokens of their status addresses by `refKey`. */
export type AcceptResult = { records: ChangeRecord[]; fresh: number; tokens: ReadonlyMap<string, string> };

/** `isUnused`: a key is claimed for a change that settings of before led elsewhere, and that was not accepted. */
type RefusedAcceptance = { refusal: HttpAnswer; isUnused?: boolean };

/**
 * Accepts the changes of one delivery together. Changes that the ledger knows continue from their state; new ones pass
 * the admission limits, get their keys, enter the ledger in order, are sent and marked `queued`. `name`: of the source.
 * Rejects if a port fails; accepting the same changes again continues from what was written by then.
 */
export async function acceptChanges(
  ports: AcceptPorts,
  source: SourceConfiguration,
  name: string,
  requested: readonly RequestedChange[],
): Promise<AcceptResult | RefusedAcceptance> {
  const { once, contradicting } = withoutRepeats(ports, requested);
  if (contradicting.length > 0) return conflict(contradicting, 'is named by two different changes of this delivery');
  const known = await Promise.all(once.map((one) => ports.ledger.readChange(one.ref)));
  const differing = once.filter((one, index) => isDifferentChange(known[index], one));
  if (differing.length > 0) return conflict(differing, KEY_USED);
  const fresh = once.filter((_, index) => known[index] === undefined);
  const refusal = await checkAcceptanceLimits(ports, source, name, fresh);
  if (refusal !== undefined) return { refusal };

  const [tokens, taken] = await Promise.all([linkStatus(ports, once), claimedElsewhere(ports, fresh)]);
  if (taken.length > 0) {
    const elsewhere = taken.map(({ requested: one }) => one);
    return { ...conflict(elsewhere, KEY_TAKEN_ELSEWHERE), isUnused: taken.some(({ isUnused }) => isUnused) };
  }
  const exceeded = await takeHourlyPlaces(ports, source, name, fresh);
  if (exceeded !== undefined) return { refusal: exceeded };
  const entered = await acceptInOrder(ports, fresh);
  const records = [...known.filter((one) => one !== undefined), ...entered.records];
  const current = await enqueue(ports, records);
  report(ports, name, fresh, records);
  if (entered.conflicting.length > 0) return conflict(entered.conflicting, KEY_USED_MEANWHILE);
  return { records: current, fresh: fresh.length, tokens };
}

const KEY_USED = 'was accepted before with another payload; none of this delivery was accepted';
const KEY_TAKEN_ELSEWHERE =
  'was taken before, for another ZPA customer or another tenant or by another source, as the settings were then; none of this delivery was accepted, since that needs a new approval';
const KEY_USED_MEANWHILE =
  'was accepted with another payload at this moment; the others of this delivery were accepted';

/** The same change twice in one delivery counts once; two different changes under one key contradict each other. */
function withoutRepeats({ configuration }: AcceptPorts, requested: readonly RequestedChange[]) {
  const first = new Map<string, RequestedChange>();
  const contradicting: RequestedChange[] = [];
  for (const one of requested) {
    const key = claimKey(configuration, one.ref);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, one);
    else if (earlier.fingerprint !== one.fingerprint) contradicting.push(one);
  }
  return { once: [...first.values()], contradicting };
}

function conflict(changes: readonly RequestedChange[], says: string): { refusal: HttpAnswer } {
  const keys = changes.map((one) => `"${one.ref.idempotencyKey}"`);
  const shown = keys.length > 5 ? [...keys.slice(0, 5), `and ${keys.length - 5} more`] : keys;
  const detail = `${shown.join(', ')} ${says}. Give every change a key of its own.`;
  return { refusal: problem('key-conflict', { detail }) };
}

/** Writes links before records, so every accepted change has its status page. Writing a link again only moves its expiry. */
async function linkStatus(ports: AcceptPorts, requested: readonly RequestedChange[]) {
  const [secret] = rotatingKeys(await ports.secrets.read(secretNames.status(ports.configuration.name)));
  const expiresAt = ports.clock.now() + ports.timing.statusKeptMs;
  const tokens = new Map<string, string>();
  const links = requested.map(({ ref }) => {
    const token = statusToken(secret, ref);
    tokens.set(refKey(ref), token);
    return { hash: statusHash(token), ref, expiresAt };
  });
  await Promise.all(links.map((link) => ports.ledger.putStatusLink(link)));
  return tokens;
}

function report(
  ports: AcceptPorts,
  source: string,
  fresh: readonly RequestedChange[],
  records: readonly ChangeRecord[],
) {
  const keys = new Set(fresh.map((one) => refKey(one.ref)));
  const accepted = records.filter((one) => keys.has(refKey(one.ref)));
  ports.meter.count('ChangesAccepted', accepted.length, { source });
  ports.log.info('delivery taken', {
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
