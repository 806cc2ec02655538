import type { Configuration } from '../domain/configuration/configuration.ts';
import { type Lane, laneName } from '../domain/lane/change-ref.ts';
import type { KnownLanes } from '../ports/known-lanes.ts';

/** A tenant's name and a lane that it has, or had before it was edited or removed. */
export type TenantLane = { tenant: string; lane: Lane };

/**
 * Every lane that a tenant has or had, those of the configuration first: changes may stand in a lane that no tenant has any more.
 * Rejects as the ledger does; a part of the list would hide changes.
 */
export async function tenantLanes({
  configuration,
  knownLanes,
}: {
  configuration: Pick<Configuration, 'tenants'>;
  knownLanes: Pick<KnownLanes, 'read'>;
}): Promise<TenantLane[]> {
  const configured = Object.entries(configuration.tenants).map(([tenant, one]) => ({ tenant, lane: laneName(one) }));
  const isConfigured = (one: TenantLane) =>
    configured.some(({ tenant, lane }) => tenant === one.tenant && lane === one.lane);
  return [...configured, ...(await knownLanes.read()).lanes.filter((one) => !isConfigured(one))];
}
