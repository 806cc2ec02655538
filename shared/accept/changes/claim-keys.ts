import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../../domain/configuration/configuration.ts';
import { lookup } from '../../domain/configuration/lookup.ts';
import { systemName } from '../../domain/configuration/shared-ticket-systems.ts';
import type { ChangeRef } from '../../domain/lane/change-ref.ts';
import type { ClaimHolder, KeyClaim } from '../../domain/records/change-record.ts';
import type { AcceptPorts } from './accept-ports.ts';
import type { RequestedChange } from './read-changes.ts';

/**
 * Names what may be accepted once. A ticket counts once in its ticket system, by whatever source it comes and to
 * whatever tenant the mapping leads; a source that sends keys of its own numbers them for each of its tenants, whose
 * customer may change.
 */
export function claimKey({ sources }: Pick<Configuration, 'sources'>, ref: ChangeRef): string {
  const { source, tenant, idempotencyKey } = ref;
  const configured = lookup(sources, source);
  const isTicket = configured?.mapping !== undefined;
  const scope = isTicket ? ['ticket', systemName(configured.system)] : ['source', source, tenant];
  return createHash('sha256')
    .update(JSON.stringify([...scope, idempotencyKey]))
    .digest('hex');
}

/** A change whose key another one has. `isUnused`: that one was not accepted, and whoever claimed the key for it has ended. */
export type Taken = { requested: RequestedChange; isUnused: boolean };

/** No function of AWS runs longer: what it did not write by then it does not write. */
export const LONGEST_RUN_MS = 15 * 60_000;

/**
 * Claims the keys of new changes, each by one conditional write before the change is written. Answers those that were
 * claimed for another customer, tenant or source: an approval for that one is none for this one. Functions that meet
 * try one key first, the same for all of them, and only the one that gets it claims the others. A delivery that is
 * refused claims nothing: keys that are taken are seen before. A claim of which the change was never written, because
 * the process died, is for this change alone, however old it is, since nothing keeps a slow process from its write; the
 * same delivery again enters it.
 */
export async function claimedElsewhere(
  { ledger, configuration, clock, timing }: Pick<AcceptPorts, 'ledger' | 'configuration' | 'clock' | 'timing'>,
  fresh: readonly RequestedChange[],
): Promise<Taken[]> {
  const claimedAt = clock.now();
  const claims = fresh.map((requested): Claim => {
    const { ref, change } = requested;
    // A change that waits for its time is kept for so much longer.
    const from = Math.max(claimedAt, Date.parse(change.notBefore ?? '') || 0);
    const expiresAt = from + timing.settledKeptMs;
    return { requested, key: claimKey(configuration, ref), ref, claimedAt, expiresAt };
  });
  const [first, ...others] = claims.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  if (first === undefined) return [];
  const claim = ({ requested: _, ...one }: Claim) => ledger.claimKey(one);
  const seen = await takenOf(ledger, others, ({ key }) => ledger.readClaim(key));
  if (seen.length > 0) return seen;
  const lost = await takenOf(ledger, [first], claim);
  return lost.length > 0 ? lost : takenOf(ledger, others, claim);
}

type Claim = KeyClaim & { requested: RequestedChange };

async function takenOf(
  ledger: AcceptPorts['ledger'],
  claims: readonly Claim[],
  holderOf: (claim: Claim) => Promise<ClaimHolder | undefined>,
): Promise<Taken[]> {
  const taken = await Promise.all(
    claims.map(async (claim) => {
      const holder = await holderOf(claim);
      if (holder === undefined || isDeepStrictEqual(holder.ref, claim.ref)) return [];
      const isOver = claim.claimedAt - holder.claimedAt >= LONGEST_RUN_MS;
      return [{ requested: claim.requested, isUnused: isOver && (await ledger.readChange(holder.ref)) === undefined }];
    }),
  );
  return taken.flat();
}
