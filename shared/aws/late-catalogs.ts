import type { CatalogStore } from '../reading/catalog-cache.ts';
import { openLate } from '../runtime/open-late.ts';
import type { CatalogBucket } from './catalog-store.ts';

const loadStore: () => Promise<Pick<typeof import('./catalog-store.ts'), 'createCatalogReader'>> = () =>
  import('./catalog-store.ts');

/**
 * Reads catalogs for a function that few invocations need them in. The S3 client is an eighth of a bundle, so it is loaded
 * with the first catalog; a load that fails is repeated by the next read.
 */
export function createLateCatalogReader(from: CatalogBucket, importStore = loadStore): Pick<CatalogStore, 'read'> {
  const reader = openLate(async () => (await importStore()).createCatalogReader(from));
  return { read: async (tenant) => (await reader.open()).read(tenant) };
}
