import type { Catalog } from '../../shared/domain/catalog/catalog.ts';
import type { CatalogStore } from '../../shared/reading/catalog-cache.ts';

export type MemoryCatalogs = CatalogStore & { readonly catalogs: Map<string, Catalog> };

/** Catalogs in memory, by tenant. */
export function createMemoryCatalogs(...kept: Catalog[]): MemoryCatalogs {
  const catalogs = new Map(kept.map((catalog) => [catalog.tenant, catalog]));
  return {
    catalogs,
    read: async (tenant) => structuredClone(catalogs.get(tenant)),
    put: async (catalog) => void catalogs.set(catalog.tenant, structuredClone(catalog)),
  };
}
