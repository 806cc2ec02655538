import type { Catalog } from '../../shared/domain/catalog/catalog.ts';
import { isOfTenant, unreadMicrotenants } from '../../shared/domain/catalog/visible-entries.ts';
import type { SourceConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { forEachAtOnce } from '../../shared/runtime/at-once.ts';
import type { CatalogPorts } from './ports.ts';

/** A tenant, or a microtenant of one, whose names are missing in the answer; `why` is a sentence with its remedy. */
export type NotRead = { tenant: string; microtenant?: string; why: string };

/** A source may have hundreds of tenants; a catalog is up to some megabytes. */
const AT_ONCE = 10;
/** A refusal tells of this many tenants. */
const TOLD = 3;

/**
 * Reads the catalogs of the tenants. A tenant that cannot be shown takes no names from the others: it is told beside
 * them. Answers 503 if there is no other. Never rejects.
 */
export async function readCatalogs(
  ports: CatalogPorts,
  source: SourceConfiguration,
  tenants: readonly string[],
): Promise<{ catalogs: Catalog[]; notRead: NotRead[] } | { refusal: HttpAnswer }> {
  const known = new Map<string, Catalog | undefined>();
  await forEachAtOnce(tenants, AT_ONCE, async (tenant) => {
    try {
      const catalog = await ports.catalogs.read(tenant);
      known.set(tenant, catalog !== undefined && isOfTenant(ports.configuration, catalog) ? catalog : undefined);
    } catch (error) {
      ports.log.error('the catalog could not be read', { code: 'catalog-unavailable', tenant, error });
    }
  });
  const failed = tenants.length - known.size;
  if (failed > 0) ports.meter.count('CatalogUnavailable', 1);
  const notRead = tenants
    .filter((tenant) => known.get(tenant) === undefined)
    .map((tenant) => ({ tenant, why: known.has(tenant) ? neverRead(`Tenant "${tenant}"`) : unreadable(tenant) }));
  if (notRead.length > 0 && notRead.length === tenants.length) return { refusal: refusalOf(notRead, failed > 0) };
  const catalogs = tenants.flatMap((tenant) => known.get(tenant) ?? []);
  const added = catalogs.flatMap((catalog) =>
    unreadMicrotenants(ports.configuration, source, catalog).map((microtenant) => ({
      tenant: catalog.tenant,
      microtenant,
      why: neverRead(`Microtenant "${microtenant}" of tenant "${catalog.tenant}"`),
    })),
  );
  return { catalogs, notRead: [...notRead, ...added] };
}

const neverRead = (place: string) => `${place} has not been read completely yet. The next drift report does that.`;
const unreadable = (tenant: string) =>
  `The stored names of tenant "${tenant}" cannot be read right now. Try again in a moment.`;

function refusalOf(notRead: readonly NotRead[], isFault: boolean): HttpAnswer {
  const told = notRead.slice(0, TOLD).map(({ why }) => why);
  const more = notRead.length > TOLD ? [`The same goes for ${notRead.length - TOLD} more.`] : [];
  const headers = { 'retry-after': isFault ? '10' : '3600' };
  return problem('catalog-unavailable', { detail: [...told, ...more].join(' '), headers });
}
