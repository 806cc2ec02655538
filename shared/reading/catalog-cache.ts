import type { Catalog } from '../domain/catalog/catalog.ts';
import type { Clock } from '../ports/ports.ts';

/** Stores the last complete read of each tenant. Both methods reject with code `report-failed`. */
export type CatalogStore = {
  /** undefined: none is stored yet. */
  read(tenant: string): Promise<Catalog | undefined>;
  put(catalog: Catalog): Promise<void>;
};

/** Catalogs, and names read from ZPA where there is none: `live` reads under one key once in five minutes, whatever came of it. */
export type CachedCatalogs = Pick<CatalogStore, 'read'> & {
  live(key: string, read: () => Promise<Catalog | undefined>): Promise<Catalog | undefined>;
};

/** A catalog is cached this long; the stored one is up to a day old anyway. */
const CACHED_MS = 5 * 60_000;

/** Reads each catalog once in five minutes. Caches also that there is none, but no error. */
export function cacheCatalogs(store: Pick<CatalogStore, 'read'>, clock: Pick<Clock, 'now'>): CachedCatalogs {
  type Cached = { at: number; catalog: Promise<Catalog | undefined> };
  const cached = new Map<string, Cached>();
  const live = new Map<string, Cached>();
  return {
    live(key, read) {
      const known = live.get(key);
      if (known !== undefined && clock.now() - known.at < CACHED_MS) return known.catalog;
      const catalog = read();
      live.set(key, { at: clock.now(), catalog });
      return catalog;
    },
    read(tenant) {
      const known = cached.get(tenant);
      if (known !== undefined && clock.now() - known.at < CACHED_MS) return known.catalog;
      const catalog = store.read(tenant);
      cached.set(tenant, { at: clock.now(), catalog });
      catalog.catch(() => cached.delete(tenant));
      return catalog;
    },
  };
}
