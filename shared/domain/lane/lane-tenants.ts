import type { Configuration, TenantConfiguration } from '../configuration/configuration.ts';
import { lookup } from '../configuration/lookup.ts';
import { type Lane, laneName } from './change-ref.ts';

/** The tenants that the present configuration has for this lane; empty if their customer or cloud was edited since. */
export function tenantsOf({ tenants }: Pick<Configuration, 'tenants'>, lane: Lane): TenantConfiguration[] {
  return Object.values(tenants).filter((tenant) => laneName(tenant) === lane);
}

/**
 * The reason why changes of this lane must not be sent through this tenant (any more): a change was approved for the
 * customer that the tenant had when the change was accepted. undefined: the tenant belongs to the lane.
 */
export function laneMismatch(
  { tenants }: Pick<Configuration, 'tenants'>,
  name: string,
  lane: Lane,
): string | undefined {
  const tenant = lookup(tenants, name);
  if (tenant === undefined) return `tenant "${name}" is not in the settings`;
  const now = laneName(tenant);
  return now === lane ? undefined : `tenant "${name}" had ZPA customer ${lane} and now has ${now}`;
}

/** The operator's remedy for a change that `laneMismatch` holds back. */
export const LANE_MISMATCH_REMEDY =
  'Restore the tenant with its cloud and customer id in the settings, then retry; or send the change again under a new approval.';
