import type { CatalogStore } from '../reading/catalog-cache.ts';
import type { CatalogBucket } from './catalog-store.ts';

const loadStore: () => Promise<Pick<typeof import('./catalog-store.ts'), 'createCatalogReader'>> = () =>
  import('./catalog-store.ts');

/**
 * Reads catalogs for a function that few invocations need them in. The S3 client is an eighth of a bundle, so it is loaded
 * with the first catalog; a load that fails is repeated by the next read.
 */
export function createLateCatalogReader(from: CatalogBucket, importStore = loadStore): Pick<CatalogStore, 'read'> {
  let reader: Promise<Pick<CatalogStore, 'read'>> | undefined;
  const open = async () => {
    try {
      const { createCatalogReader } = await importStore();
      return createCatalogReader(from);
    } catch (error) {
      reader = undefined;
      throw error;
    }
  };
  return {
    async read(tenant) {
      reader ??= open();
      return (await reader).read(tenant);
    },
  };
}
