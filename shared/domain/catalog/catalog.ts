import { z } from 'zod';
import type { Configuration, TenantConfiguration } from '../configuration/configuration.ts';
import { lookup } from '../configuration/lookup.ts';
import type { Application, SegmentGroup } from '../group/group.ts';

/**
 * What a tenant holds, by name: for choice lists in ticket systems and for saying what was perhaps meant. Made of one
 * complete read of the tenant; one that was not complete leaves the catalog before it in place.
 */

/** Keys of catalogs in the bucket begin with it. */
export const CATALOGS_BEGIN = 'catalog/';

/** Tenants' names are safe in a key (`configuredName`). */
export const catalogKey = (tenant: string): string => `${CATALOGS_BEGIN}${tenant}.json`;

const item = z.object({ id: z.string(), name: z.string(), enabled: z.boolean(), microtenantId: z.string() });

const catalogSchema = z.object({
  schemaVersion: z.literal(1),
  tenant: z.string(),
  /** Epoch ms: when reading began. */
  asOf: z.number(),
  groups: z.array(item),
  /** `groupId`: the segment group it belongs to. */
  applications: z.array(item.extend({ groupId: z.string().optional() })),
});

export type Catalog = z.output<typeof catalogSchema>;
export type CatalogItem = Catalog['applications'][number];

/** A stored catalog; throws if it is none. */
export const parseCatalog = (text: string): Catalog => catalogSchema.parse(JSON.parse(text));

/** Ids of the microtenants in which changes to a tenant are carried out; '0', the Default one, where it has no others. */
export function microtenantIdsOf(tenant: TenantConfiguration): string[] {
  const ids = [...new Set(Object.values(tenant.microtenants))];
  return ids.length === 0 ? ['0'] : ids;
}

/** The catalog of a tenant from all that was read of its customer. */
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
    groups: here(read.groups).map(plain),
    applications: here(read.applications).map((one) => ({
      ...plain(one),
      ...(one.segmentGroupId !== undefined && { groupId: one.segmentGroupId }),
    })),
  };
}
