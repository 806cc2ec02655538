import type { DesiredGroup } from '../../records/desired-group.ts';

/** The tenants of a lane with the microtenants that they are configured for; none stands for all. */
type LaneTenants = readonly (readonly [name: string, microtenants: Readonly<Record<string, string>>])[];

/**
 * The desired groups, each of a tenant that the settings name. A tenant that was renamed or removed since its tickets
 * leaves its groups to the tenant of the same customer that is configured for their microtenant, because nobody could
 * send a change, or a ticket about drift, under the former name.
 */
export function ofConfiguredTenants(desired: readonly DesiredGroup[], tenants: LaneTenants): DesiredGroup[] {
  const names = new Set(tenants.map(([name]) => name));
  const heirOf = (microtenantId: string) =>
    (tenants.find(([, microtenants]) => Object.values(microtenants).includes(microtenantId)) ??
      tenants.find(([, microtenants]) => Object.keys(microtenants).length === 0))?.[0];
  return desired.map((group) => {
    const heir = names.has(group.tenant) ? undefined : heirOf(group.microtenantId);
    return heir === undefined ? group : { ...group, tenant: heir };
  });
}
