import { microtenantIdsOf, toCatalog } from '../../shared/domain/catalog/catalog.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import { covers } from '../../shared/domain/drift/compare/readings.ts';
import { type Lane, lanesOf } from '../../shared/domain/lane/change-ref.ts';
import type { Survey } from '../../shared/reading/survey-drift.ts';
import type { DriftPorts } from './ports.ts';

/** The listings that the drift report has read of a lane, and when it began (epoch ms). */
type LaneReading = Pick<Survey, 'listings' | 'applications'> & { asOf: number };

/**
 * Stores a catalog per tenant of the lane from what the report has just read. If anything of a tenant could not be read, its
 * last complete catalog stays and the failure is counted. Never rejects, because the report matters more than the names.
 */
export async function storeCatalogs(ports: DriftPorts, lane: Lane, read: LaneReading): Promise<void> {
  for (const tenant of lanesOf(ports.configuration).get(lane) ?? []) {
    try {
      const catalog = catalogOf(ports, tenant, read);
      await ports.catalogs.put(catalog);
      const { groups, applications } = catalog;
      ports.log.info('catalog kept', { tenant, groups: groups.length, applications: applications.length });
    } catch (error) {
      ports.meter.count('CatalogNotKept', 1, { tenant });
      ports.log.warn('the catalog of a tenant stays as it was', { tenant, error });
    }
  }
}

/** The report lacks a list of one of its microtenants. */
class CatalogIncompleteError extends Error {
  override readonly name = 'CatalogIncompleteError';
  readonly code = 'catalog-incomplete';
}

function catalogOf({ configuration }: DriftPorts, tenant: string, { listings, applications, asOf }: LaneReading) {
  const configured = lookup(configuration.tenants, tenant);
  const ids = configured === undefined ? [] : microtenantIdsOf(configured);
  const read = {
    groups: ids.flatMap((id) =>
      itemsOf(
        id,
        listings.map(({ microtenantId, result, unreadable = [] }) => ({
          microtenantId,
          items: 'groups' in result && unreadable.length === 0 ? result.groups : undefined,
        })),
      ),
    ),
    applications: ids.flatMap((id) =>
      itemsOf(
        id,
        applications.map(({ microtenantId, result }) => ({
          microtenantId,
          items: 'applications' in result ? result.applications : undefined,
        })),
      ),
    ),
    asOf,
  };
  const catalog = toCatalog(configuration, tenant, read);
  if (catalog === undefined) throw new Error(`tenant ${tenant} is not configured`);
  return catalog;
}

/** `items` undefined: the list could not be read. */
function itemsOf<T>(
  microtenantId: string,
  lists: readonly { microtenantId: string | undefined; items: T[] | undefined }[],
): T[] {
  const read = lists.filter((one) => covers(one, microtenantId)).flatMap(({ items }) => (items ? [items] : []));
  if (read.length === 0) throw new CatalogIncompleteError(`a list of microtenant ${microtenantId} was not read`);
  return read.flat();
}
