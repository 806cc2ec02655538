import type { Configuration } from '../domain/configuration/configuration.ts';
import { type Lane, laneName } from '../domain/lane/change-ref.ts';
import type { KnownLanes, LaneList } from '../ports/known-lanes.ts';

/** A tenant's name and a lane that it has, or had before it was edited or removed. */
export type TenantLane = { tenant: string; lane: Lane };

type Configured = Pick<Configuration, 'tenants'>;

/**
 * Every lane that a tenant has or had, those of the configuration first: changes may stand in a lane that no tenant has
 * any more. Rejects as the ledger does; a part of the list would hide changes.
 */
export async function tenantLanes({
  configuration,
  knownLanes,
}: {
  configuration: Configured;
  knownLanes: Pick<KnownLanes, 'read'>;
}): Promise<TenantLane[]> {
  return tenantLanesOf(configuration, await knownLanes.read());
}

/** As `tenantLanes`, of a list that was read. */
export function tenantLanesOf({ tenants }: Configured, { lanes }: Pick<LaneList, 'lanes'>): TenantLane[] {
  const configured = Object.entries(tenants).map(([tenant, one]) => ({ tenant, lane: laneName(one) }));
  const isConfigured = (one: TenantLane) =>
    configured.some(({ tenant, lane }) => tenant === one.tenant && lane === one.lane);
  return [...configured, ...lanes.filter((one) => !isConfigured(one))];
}
