import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { type Lane, lanesOf } from '../../../shared/domain/lane/change-ref.ts';
import { laneMismatch } from '../../../shared/domain/lane/lane-tenants.ts';
import { tenantLanes } from '../../../shared/ledger/tenant-lanes.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { OpsSession } from './compose.ts';

/** The tenants of a lane: those configured for it, and those that were and are no more (removed, renamed, edited). */
export type TenantsOfLane = { tenants: string[]; former: string[] };

/**
 * Every lane that the ledger may hold changes of: the configured ones, and those that a tenant had before, where
 * changes may still wait. Rejects as the ledger does.
 */
export async function allLanes(
  session: Pick<OpsSession, 'configuration' | 'knownLanes'>,
): Promise<Map<Lane, TenantsOfLane>> {
  const lanes = new Map<Lane, TenantsOfLane>();
  for (const { lane, tenant } of await tenantLanes(session)) {
    const { tenants, former } = lanes.get(lane) ?? { tenants: [], former: [] };
    const isFormer = laneMismatch(session.configuration, tenant, lane) !== undefined;
    lanes.set(lane, isFormer ? { tenants, former: [...former, tenant] } : { tenants: [...tenants, tenant], former });
  }
  return lanes;
}

/** The lanes that a tenant has or had, or all of them. Throws an `OpsError` that names the tenants. */
export async function lanesOfTenant(
  session: Pick<OpsSession, 'configuration' | 'knownLanes'>,
  tenant: string | undefined,
): Promise<[Lane, string[]][]> {
  const all = [...(await allLanes(session))].map(([lane, { tenants, former }]): [Lane, string[]] => [
    lane,
    [...tenants, ...former],
  ]);
  const chosen = tenant === undefined ? all : all.filter(([, tenants]) => tenants.includes(tenant));
  if (chosen.length > 0 || tenant === undefined) return chosen;
  const remedy = `Name one of: ${[...new Set(all.flatMap(([, tenants]) => tenants))].join(', ')}.`;
  throw new OpsError(EXIT.notFound, 'which-tenant', `There is no tenant "${tenant}".`, remedy);
}

/** The tenants of a lane for a sentence or title; its own name where no tenant is configured for it any more. */
export const laneTitle = (configuration: Configuration, lane: Lane): string =>
  (lanesOf(configuration).get(lane) ?? [lane]).join(', ');

/** Finds a lane by its name, or by a tenant that is configured for it. Throws an `OpsError` that names the lanes. */
export async function findLane(session: OpsSession, name: string): Promise<Lane> {
  const lanes = await allLanes(session);
  if (lanes.has(name)) return name;
  for (const [lane, { tenants }] of lanes) if (tenants.includes(name)) return lane;
  const remedy = `Name one of: ${[...lanes].flatMap(([lane, { tenants }]) => [lane, ...tenants]).join(', ')}.`;
  throw new OpsError(EXIT.notFound, 'lane-not-found', `There is no lane or tenant "${name}".`, remedy);
}
