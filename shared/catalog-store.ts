import type { Catalog } from './domain/catalog/catalog.ts';

/** Where the last complete read of each tenant is kept. Both reject with code `report-failed`. */
export type CatalogStore = {
  /** undefined: none was kept yet. */
  read(tenant: string): Promise<Catalog | undefined>;
  keep(catalog: Catalog): Promise<void>;
};
