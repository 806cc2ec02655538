import { expect, it } from 'vitest';
import type { createCatalogReader } from '../../../shared/aws/catalog-store.ts';
import { createLateCatalogReader } from '../../../shared/aws/late-catalogs.ts';
import type { Catalog } from '../../../shared/domain/catalog/catalog.ts';

const catalog: Catalog = { schemaVersion: 1, tenant: 'acme-prod', asOf: 1, groups: [], applications: [] };

it('loads the store with the first catalog, once, and again after a load that failed', async () => {
  const loads: string[] = [];
  const created: string[] = [];
  const importStore = async () => {
    loads.push('load');
    if (loads.length === 1) throw new Error('the file could not be read');
    return {
      createCatalogReader: ((from) => {
        created.push(from.bucket);
        return { read: async () => catalog };
      }) satisfies typeof createCatalogReader,
    };
  };
  const reader = createLateCatalogReader({ env: {}, bucket: 'reports' }, importStore);
  expect(loads).toEqual([]);

  await expect(reader.read('acme-prod')).rejects.toThrow('the file could not be read');
  expect(await Promise.all([reader.read('acme-prod'), reader.read('acme-prod')])).toEqual([catalog, catalog]);
  expect({ loads, created }).toEqual({ loads: ['load', 'load'], created: ['reports'] });
});
