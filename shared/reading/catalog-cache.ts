import type { Catalog } from '../domain/catalog/catalog.ts';
import type { Clock } from '../ports/ports.ts';

/** Where the last complete read of each tenant is kept. Both reject with code `report-failed`. */
export type CatalogStore = {
  /** undefined: none was kept yet. */
  read(tenant: string): Promise<Catalog | undefined>;
  keep(catalog: Catalog): Promise<void>;
};

/** As long as a catalog is offered from without another look: it is a night old anyway. */
const KEPT_MS = 5 * 60_000;

/** Catalogs read once for the changes of some minutes; that there is none is remembered too, an error is not. */
export function cacheCatalogs(
  store: Pick<CatalogStore, 'read'>,
  clock: Pick<Clock, 'now'>,
): Pick<CatalogStore, 'read'> {
  const kept = new Map<string, { at: number; catalog: Promise<Catalog | undefined> }>();
  return {
    read(tenant) {
      const known = kept.get(tenant);
      if (known !== undefined && clock.now() - known.at < KEPT_MS) return known.catalog;
      const catalog = store.read(tenant);
      kept.set(tenant, { at: clock.now(), catalog });
      catalog.catch(() => kept.delete(tenant));
      return catalog;
    },
  };
}
