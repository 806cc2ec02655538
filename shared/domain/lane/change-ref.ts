import { createHash } from 'node:crypto';

/** A lane: one ZPA cloud + customer id, whatever tenants are configured for it (docs/architecture.md#the-lane-item). */
export type Lane = string;

/** The lane's name, `PRODUCTION:216196257331281920`; also the SQS MessageGroupId (at most 128 characters, AWS). */
export function laneName(tenant: { cloud: string; customerId: string }): Lane {
  return `${tenant.cloud}:${tenant.customerId}`;
}

/** Lanes of a configuration with the names of their tenants, each lane once, in the order of the configuration. */
export function lanesOf(configuration: {
  tenants: Record<string, Parameters<typeof laneName>[0]>;
}): Map<Lane, string[]> {
  const lanes = new Map<Lane, string[]>();
  for (const [name, tenant] of Object.entries(configuration.tenants)) {
    const lane = laneName(tenant);
    lanes.set(lane, [...(lanes.get(lane) ?? []), name]);
  }
  return lanes;
}

/** Identifies one change for good: unique per source and tenant (docs/architecture.md#acceptance). */
export type ChangeRef = { lane: Lane; source: string; tenant: string; idempotencyKey: string };

/**
 * A key that is equal for equal refs, safe as a map key and as a sort key: only the idempotency key, which is last, may
 * contain `#`.
 */
export function refKey(ref: ChangeRef): string {
  return `${ref.source}#${ref.tenant}#${ref.idempotencyKey}`;
}

/** A key that is equal for the same generation of the same change. */
export const generationKey = ({ ref, generation }: { ref: ChangeRef; generation: number }): string =>
  `${refKey(ref)} ${generation}`;

/**
 * The reason for sending a change's message. It is part of the deduplication id, so that SQS drops identical resends
 * only.
 */
export type SendReason = 'accept' | 'redrive' | 'scheduled' | 'resume' | 'sweep';

const sha256 = (parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/**
 * The id by which SQS drops duplicates for five minutes, 64 hex characters (docs/architecture.md#acceptance). `apartAt`: a
 * message in a group of its own wakes the lane again, however short ago the last one did.
 */
export function deduplicationId(
  ref: ChangeRef,
  fingerprint: string,
  generation: number,
  reason: SendReason,
  apartAt?: number,
): string {
  const own = apartAt === undefined ? [] : [String(apartAt)];
  return sha256([
    ref.lane,
    ref.source,
    ref.idempotencyKey,
    ref.tenant,
    fingerprint,
    String(generation),
    reason,
    ...own,
  ]);
}

/** Message group and deduplication id of a failure on `failures.fifo`: each failure is its own group. */
export function failureId(ref: ChangeRef, generation: number): string {
  return sha256(['failure', ref.lane, ref.source, ref.tenant, ref.idempotencyKey, String(generation)]);
}
