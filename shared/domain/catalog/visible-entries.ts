import type { Configuration, Grant, SourceConfiguration } from '../configuration/configuration.ts';
import { matchesPattern } from '../configuration/grants.ts';
import { lookup } from '../configuration/lookup.ts';
import { laneName } from '../lane/change-ref.ts';
import { type Catalog, type CatalogItem, microtenantIdsOf } from './catalog.ts';

/** One catalog entry as a source may read it. `microtenant`: its name, if the configuration names it. */
export type CatalogEntry = {
  kind: 'group' | 'application';
  tenant: string;
  microtenant?: string;
  id: string;
  name: string;
  enabled: boolean;
  /** The segment group of an application, if the source may read that too. */
  group?: { id: string; name: string };
};

/** The configured tenants that a source has any grant for. */
export function grantedTenants({ grants }: SourceConfiguration, configuration: Configuration): string[] {
  const granted = new Set(grants.flatMap((grant) => grant.tenants));
  return Object.keys(configuration.tenants).filter((tenant) => granted.has(tenant));
}

/**
 * The entries of a catalog that a source may read: the groups and applications that one of its grants for this tenant
 * and microtenant covers by name. What lies in a microtenant that the tenant no longer has is left out, because no change
 * can name it. Sorted by kind, name and id.
 */
export function visibleEntries(
  configuration: Configuration,
  source: SourceConfiguration,
  catalog: Catalog,
): CatalogEntry[] {
  const tenant = lookup(configuration.tenants, catalog.tenant);
  if (tenant === undefined) return [];
  const microtenants = new Map(Object.entries(tenant.microtenants).map(([name, id]) => [id, name]));
  const present = new Set(microtenantIdsOf(tenant));
  const mayRead = (kind: 'groups' | 'applications', one: CatalogItem) =>
    present.has(one.microtenantId) &&
    source.grants.some(
      (grant) =>
        coversPlace(grant, catalog.tenant, microtenants.get(one.microtenantId)) &&
        grant[kind].some((pattern) => matchesPattern(pattern, one.name)),
    );
  const toEntry = (kind: CatalogEntry['kind'], { id, name, enabled, microtenantId }: CatalogItem): CatalogEntry => {
    const microtenant = microtenants.get(microtenantId);
    return { kind, tenant: catalog.tenant, ...(microtenant !== undefined && { microtenant }), id, name, enabled };
  };
  const groups = catalog.groups.filter((group) => mayRead('groups', group)).map((group) => toEntry('group', group));
  const byId = new Map(groups.map(({ id, name }) => [id, { id, name }]));
  const applications = catalog.applications
    .filter((application) => mayRead('applications', application))
    .map((application): CatalogEntry => {
      const group = application.groupId === undefined ? undefined : byId.get(application.groupId);
      return { ...toEntry('application', application), ...(group !== undefined && { group }) };
    });
  return [...groups, ...applications].sort(compareEntries);
}

/** True if the catalog was read from the ZPA customer, and at least one microtenant, that its tenant has now. */
export function isOfTenant(configuration: Configuration, { tenant, lane, microtenantIds }: Catalog): boolean {
  const configured = lookup(configuration.tenants, tenant);
  if (configured === undefined) return false;
  if (lane !== undefined && lane !== laneName(configured)) return false;
  if (microtenantIds === undefined) return true;
  return microtenantIdsOf(configured).some((id) => microtenantIds.includes(id));
}

/** Names of the microtenants that a source may read and the catalog does not hold, because they were added after its read. */
export function unreadMicrotenants(
  configuration: Configuration,
  source: SourceConfiguration,
  { tenant, microtenantIds }: Catalog,
): string[] {
  const configured = Object.entries(lookup(configuration.tenants, tenant)?.microtenants ?? {});
  const unread = configured.filter(([, id]) => microtenantIds !== undefined && !microtenantIds.includes(id));
  return unread.flatMap(([name]) => (source.grants.some((grant) => coversPlace(grant, tenant, name)) ? [name] : []));
}

/** As in `grants.ts`: a grant for named microtenants does not cover a microtenant without a configured name. */
function coversPlace(grant: Grant, tenant: string, microtenant: string | undefined): boolean {
  if (!grant.tenants.includes(tenant)) return false;
  return grant.microtenants === undefined || (microtenant !== undefined && grant.microtenants.includes(microtenant));
}

/** The sort key of an entry; it is unique, so that a page can continue after it. */
export const placeOf = ({ kind, tenant, name, id }: CatalogEntry): readonly string[] => [kind, tenant, name, id];

/** The sort order of entries. */
export const compareEntries = (a: CatalogEntry, b: CatalogEntry) => comparePlaces(placeOf(a), placeOf(b));

/** Groups before applications, everything else by code unit, so that the order does not depend on a locale. */
export function comparePlaces(a: readonly string[], b: readonly string[]): number {
  const kinds = ['group', 'application'];
  const byKind = kinds.indexOf(a[0] ?? '') - kinds.indexOf(b[0] ?? '');
  if (byKind !== 0) return byKind;
  for (const [index, one] of a.entries()) {
    const other = b[index] ?? '';
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
