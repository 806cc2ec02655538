import type { Configuration } from '../domain/configuration/configuration.ts';
import type { AbsenceCheck, ApplicationListing, GroupListing } from '../domain/drift/compare/readings.ts';
import type { DesiredGroup } from '../domain/records/desired-group.ts';
import type { Clock, UnreadableObject, Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';
import { collect, readFailure, retryRead } from './retry-read.ts';

/** Reads the tenants of one lane for a drift report. Failures of ZPA are part of the answer. */
export type DriftReads = {
  /** A tenant's read-only client, its calls limited to the budget of reports. */
  zpaOf: (tenant: string) => Zpa;
  clock: Clock;
  /** As in `RetryOptions`. */
  pausesMs?: readonly number[];
};

type Reads = DriftReads & { signal: AbortSignal };

/** A microtenant (undefined: all the client sees) and the tenants configured for it, tried one after the other. */
type Scope = { microtenantId: string | undefined; tenants: string[] };

export function scopesOf(configuration: Configuration, tenants: readonly string[]): Scope[] {
  const scopes = new Map<string | undefined, string[]>();
  for (const tenant of tenants) {
    const ids = new Set(Object.values(configuration.tenants[tenant]?.microtenants ?? {}));
    for (const id of ids.size === 0 ? [undefined] : ids) scopes.set(id, [...(scopes.get(id) ?? []), tenant]);
  }
  return [...scopes].map(([microtenantId, of]) => ({ microtenantId, tenants: of }));
}

/** Lists the groups of each scope. */
export const readGroups = (reads: Reads, scopes: readonly Scope[]): Promise<GroupListing[]> =>
  readScopes(reads, scopes, async (zpa, options) => {
    const unreadable = new Map<string, UnreadableObject>();
    const onUnreadable = (one: UnreadableObject) => unreadable.set(one.id ?? JSON.stringify(one), one);
    const groups = await collect(zpa.listGroups({ ...options, onUnreadable }));
    return { result: { groups }, ...(unreadable.size > 0 && { unreadable: [...unreadable.values()] }) };
  });

/** Lists the application segments of each scope. */
export const readApplications = (reads: Reads, scopes: readonly Scope[]): Promise<ApplicationListing[]> =>
  readScopes(reads, scopes, async (zpa, options) => ({
    result: { applications: await collect(zpa.listApplications(options)) },
  }));

type Options = { signal: AbortSignal; microtenantId?: string };
type Failed = { result: { failure: ReturnType<typeof readFailure> } };

async function readScopes<T extends object>(
  reads: Reads,
  scopes: readonly Scope[],
  read: (zpa: Zpa, options: Options) => Promise<T>,
): Promise<(Pick<GroupListing, 'tenant' | 'microtenantId'> & (T | Failed))[]> {
  const all: (Pick<GroupListing, 'tenant' | 'microtenantId'> & (T | Failed))[] = [];
  for (const { microtenantId, tenants } of scopes) all.push(await readScope(reads, microtenantId, tenants, read));
  return all;
}

async function readScope<T extends object>(
  { zpaOf, ...reads }: Reads,
  microtenantId: string | undefined,
  tenants: readonly string[],
  read: (zpa: Zpa, options: Options) => Promise<T>,
) {
  const options = { signal: reads.signal, ...(microtenantId !== undefined && { microtenantId }) };
  let failed: (Failed & { tenant: string; microtenantId: string | undefined }) | undefined;
  for (const tenant of tenants) {
    try {
      return { tenant, microtenantId, ...(await retryRead(reads, () => read(zpaOf(tenant), options))) };
    } catch (error) {
      failed ??= { tenant, microtenantId, result: { failure: readFailure(error, reads.signal) } };
    }
  }
  if (failed === undefined) throw new Error('a scope has a tenant');
  return failed;
}

/** Reads by its id a group that its listing lacks. */
export async function readAbsentGroup(
  { zpaOf, ...reads }: Reads,
  listings: readonly GroupListing[],
  group: DesiredGroup,
): Promise<AbsenceCheck> {
  const { groupId } = group;
  const scope =
    listings.find((listing) => listing.microtenantId === group.microtenantId && 'groups' in listing.result) ??
    listings.find((listing) => listing.microtenantId === undefined);
  const { signal } = reads;
  const options = { signal, ...(scope?.microtenantId !== undefined && { microtenantId: scope.microtenantId }) };
  try {
    const read = () => zpaOf(scope?.tenant ?? group.tenant).getGroup(groupId, options);
    return { groupId, result: { group: await retryRead(reads, read) } };
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === 'not-found') return { groupId, result: 'absent' };
    return { groupId, result: { failure: readFailure(error, signal) } };
  }
}
