import { microtenantIdsOf, toCatalog } from '../../shared/domain/catalog/catalog.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import type { GroupListing } from '../../shared/domain/drift/group-listings.ts';
import type { Application, SegmentGroup } from '../../shared/domain/group/group.ts';
import { type Lane, lanesOf } from '../../shared/domain/lane/change-ref.ts';
import { collect, retryRead } from '../../shared/reading/retry-read.ts';
import type { DriftPorts } from './ports.ts';

/** The listings that the drift report has read of a lane, and when it began (epoch ms). */
type LaneReading = { readings: readonly GroupListing[]; asOf: number };

/**
 * Stores a catalog per tenant of the lane: the groups as the report has just read them, the applications read now. If
 * anything of a tenant could not be read, its last complete catalog stays and the failure is counted. Never rejects,
 * because the report matters more than the names.
 */
export async function storeCatalogs(
  ports: DriftPorts,
  lane: Lane,
  read: LaneReading,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map<string, Application[]>();
  for (const tenant of lanesOf(ports.configuration).get(lane) ?? []) {
    try {
      const catalog = await readTenant(ports, tenant, read, known, signal);
      await ports.catalogs.put(catalog);
      const { groups, applications } = catalog;
      ports.log.info('catalog kept', { tenant, groups: groups.length, applications: applications.length });
    } catch (error) {
      ports.meter.count('CatalogNotKept', 1, { tenant });
      ports.log.warn('the catalog of a tenant stays as it was', { tenant, error });
    }
  }
}

/** The report lacks the groups of one of its microtenants. */
class CatalogIncompleteError extends Error {
  override readonly name = 'CatalogIncompleteError';
  readonly code = 'catalog-incomplete';
}

/** `known`: applications by microtenant, which tenants of one customer may share. */
async function readTenant(
  ports: DriftPorts,
  tenant: string,
  { readings, asOf }: LaneReading,
  known: Map<string, Application[]>,
  signal: AbortSignal,
) {
  const configured = lookup(ports.configuration.tenants, tenant);
  const groups: SegmentGroup[] = [];
  const applications: Application[] = [];
  for (const microtenantId of configured === undefined ? [] : microtenantIdsOf(configured)) {
    const options = { signal, ...(Object.keys(configured?.microtenants ?? {}).length > 0 && { microtenantId }) };
    groups.push(...groupsIn(readings, microtenantId));
    const list = () => collect(ports.zpaOf(tenant).listApplications(options));
    const found = known.get(microtenantId) ?? (await retryRead({ ...ports, signal }, list));
    known.set(microtenantId, found);
    applications.push(...found);
  }
  const catalog = toCatalog(ports.configuration, tenant, { groups, applications, asOf });
  if (catalog === undefined) throw new Error(`tenant ${tenant} is not configured`);
  return catalog;
}

function groupsIn(readings: readonly GroupListing[], microtenantId: string): SegmentGroup[] {
  const covering = readings.filter((one) => one.microtenantId === undefined || one.microtenantId === microtenantId);
  const read = covering.flatMap(({ result }) => ('groups' in result ? [result.groups] : []));
  if (read.length === 0) throw new CatalogIncompleteError(`the groups of microtenant ${microtenantId} were not read`);
  return read.flat();
}
