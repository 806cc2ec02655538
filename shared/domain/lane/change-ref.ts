import { createHash } from 'node:crypto';

/** A lane: one ZPA cloud + customer id, whatever tenants are configured for it. */
export type Lane = string;

/** `PRODUCTION:216196257331281920`; also the SQS MessageGroupId (at most 128 characters, AWS). */
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

/** Names one change for good: unique per source and tenant. */
export type ChangeRef = { lane: Lane; source: string; tenant: string; idempotencyKey: string };

/** Equal for equal refs, safe as a map key and as a sort key: only the key, which is last, may hold `#`. */
export function refKey(ref: ChangeRef): string {
  return `${ref.source}#${ref.tenant}#${ref.idempotencyKey}`;
}

/** Equal for the same generation of the same change. */
export const generationKey = ({ ref, generation }: { ref: ChangeRef; generation: number }): string =>
  `${refKey(ref)} ${generation}`;

/** Why a message rings the lane's bell; part of the deduplication id so that only identical resends are swallowed. */
export type SendReason = 'accept' | 'redrive' | 'scheduled' | 'resume' | 'sweep';

const sha256 = (parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** SQS's five-minute guard, 64 hex characters. */
export function deduplicationId(ref: ChangeRef, fingerprint: string, generation: number, reason: SendReason): string {
  return sha256([ref.lane, ref.source, ref.idempotencyKey, ref.tenant, fingerprint, String(generation), reason]);
}

/** Message group and deduplication id of a failure on `failures.fifo`: one group per failure. */
export function failureId(ref: ChangeRef, generation: number): string {
  return sha256(['failure', ref.lane, ref.source, ref.tenant, ref.idempotencyKey, String(generation)]);
}
