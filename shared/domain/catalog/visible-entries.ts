import type { Configuration, Grant, SourceConfiguration } from '../configuration/configuration.ts';
import { matchesPattern } from '../configuration/grants.ts';
import { lookup } from '../configuration/lookup.ts';
import type { Catalog, CatalogItem } from './catalog.ts';

/** One line of a catalog as a source sees it. `microtenant`: its name, where the tenant has several or one by name. */
export type CatalogEntry = {
  kind: 'group' | 'application';
  tenant: string;
  microtenant?: string;
  id: string;
  name: string;
  enabled: boolean;
  /** The segment group of an application, if the source may see that too. */
  group?: { id: string; name: string };
};

/** Tenants that a source has any grant for, as far as they are configured. */
export function grantedTenants({ grants }: SourceConfiguration, configuration: Configuration): string[] {
  const granted = new Set(grants.flatMap((grant) => grant.tenants));
  return Object.keys(configuration.tenants).filter((tenant) => granted.has(tenant));
}

/**
 * What of a catalog a source may see: the groups and applications that one of its grants for this tenant and microtenant
 * covers by name. In the order of kind, name and id.
 */
export function visibleEntries(
  configuration: Configuration,
  source: SourceConfiguration,
  catalog: Catalog,
): CatalogEntry[] {
  const tenant = lookup(configuration.tenants, catalog.tenant);
  if (tenant === undefined) return [];
  const microtenants = new Map(Object.entries(tenant.microtenants).map(([name, id]) => [id, name]));
  const sees = (kind: 'groups' | 'applications', one: CatalogItem) =>
    source.grants.some(
      (grant) =>
        coversPlace(grant, catalog.tenant, microtenants.get(one.microtenantId)) &&
        grant[kind].some((pattern) => matchesPattern(pattern, one.name)),
    );
  const toEntry = (kind: CatalogEntry['kind'], { id, name, enabled, microtenantId }: CatalogItem): CatalogEntry => {
    const microtenant = microtenants.get(microtenantId);
    return { kind, tenant: catalog.tenant, ...(microtenant !== undefined && { microtenant }), id, name, enabled };
  };
  const groups = catalog.groups.filter((group) => sees('groups', group)).map((group) => toEntry('group', group));
  const byId = new Map(groups.map(({ id, name }) => [id, { id, name }]));
  const applications = catalog.applications
    .filter((application) => sees('applications', application))
    .map((application): CatalogEntry => {
      const group = application.groupId === undefined ? undefined : byId.get(application.groupId);
      return { ...toEntry('application', application), ...(group !== undefined && { group }) };
    });
  return [...groups, ...applications].sort(compareEntries);
}

/** As `grants.ts` has it: a grant for named microtenants says nothing about a place without a name. */
function coversPlace(grant: Grant, tenant: string, microtenant: string | undefined): boolean {
  if (!grant.tenants.includes(tenant)) return false;
  return grant.microtenants === undefined || (microtenant !== undefined && grant.microtenants.includes(microtenant));
}

/** What the order of entries goes by; unique, so that a page can go on after it. */
export const placeOf = ({ kind, tenant, name, id }: CatalogEntry): readonly string[] => [kind, tenant, name, id];

export const compareEntries = (a: CatalogEntry, b: CatalogEntry) => comparePlaces(placeOf(a), placeOf(b));

/** Groups before applications, everything else by code unit: the same everywhere. */
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
