import type { TenantConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import { frozenUntil } from '../../../shared/domain/configuration/freeze.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';

/** Says why nothing may be written to a tenant at `now` (epoch ms): what holds for changes holds for a probe. */
export function heldBack(
  { freezes, mode }: Pick<TenantConfiguration, 'freezes' | 'mode'>,
  { paused }: Pick<LaneRecord, 'paused'>,
  now: number,
): string | undefined {
  const until = frozenUntil(freezes, now);
  if (until === undefined) return 'the tenant is frozen for good';
  if (until > now) return `the tenant is frozen until ${new Date(until).toISOString()}`;
  if (mode !== 'apply') return `its mode is "${mode}"`;
  return paused === undefined ? undefined : `its lane is paused by ${paused.by}: ${paused.reason}`;
}
