import * as z from 'zod';
import type { Configuration, TenantConfiguration } from '../configuration/configuration.ts';
import { lookup } from '../configuration/lookup.ts';
import type { Application, SegmentGroup } from '../group/group.ts';
import { laneName } from '../lane/change-ref.ts';

/**
 * The catalog lists a tenant's groups and applications by name, for choice lists in ticket systems and for suggestions
 * after a typing error. It comes from one complete read of the tenant; an incomplete read leaves the last catalog in
 * place.
 */

/** The prefix of all catalogs' keys in the bucket. */
export const CATALOGS_BEGIN = 'catalog/';

/** The key of a tenant's catalog. Tenants' names are safe in a key (`configuredName`). */
export const catalogKey = (tenant: string): string => `${CATALOGS_BEGIN}${tenant}.json`;

const item = z.object({ id: z.string(), name: z.string(), enabled: z.boolean(), microtenantId: z.string() });

const catalogSchema = z.object({
  schemaVersion: z.literal(1),
  tenant: z.string(),
  /** Epoch ms: when reading began. */
  asOf: z.number(),
  /** Names the ZPA customer that was read. Catalogs of earlier versions lack it. */
  lane: z.string().optional(),
  /** Ids of the microtenants that were read. Catalogs of earlier versions lack it. */
  microtenantIds: z.array(z.string()).optional(),
  groups: z.array(item),
  /** `groupId`: the segment group it belongs to. */
  applications: z.array(item.extend({ groupId: z.string().optional() })),
});

export type Catalog = z.output<typeof catalogSchema>;
export type CatalogItem = Catalog['applications'][number];

/** Parses a stored catalog; throws if the text is none. */
export const parseCatalog = (text: string): Catalog => catalogSchema.parse(JSON.parse(text));

/** Ids of the microtenants in which a tenant's changes are applied; '0', the Default one, if none is configured. */
export function microtenantIdsOf(tenant: TenantConfiguration): string[] {
  const ids = [...new Set(Object.values(tenant.microtenants))];
  return ids.length === 0 ? ['0'] : ids;
}

/** The catalog of a tenant from everything that was read of its ZPA customer. */
export function toCatalog(
  configuration: Configuration,
  name: string,
  read: { groups: readonly SegmentGroup[]; applications: readonly Application[]; asOf: number },
): Catalog | undefined {
  const tenant = lookup(configuration.tenants, name);
  if (tenant === undefined) return undefined;
  const ids = new Set(microtenantIdsOf(tenant));
  const here = <T extends { id: string; microtenantId: string }>(list: readonly T[]) => [
    ...new Map(list.filter((one) => ids.has(one.microtenantId)).map((one) => [one.id, one])).values(),
  ];
  const plain = ({ id, name, enabled, microtenantId }: SegmentGroup | Application) => ({
    id,
    name,
    enabled,
    microtenantId,
  });
  return {
    schemaVersion: 1,
    tenant: name,
    asOf: read.asOf,
    lane: laneName(tenant),
    microtenantIds: [...ids],
    groups: here(read.groups).map(plain),
    applications: here(read.applications).map((one) => ({
      ...plain(one),
      ...(one.segmentGroupId !== undefined && { groupId: one.segmentGroupId }),
    })),
  };
}
