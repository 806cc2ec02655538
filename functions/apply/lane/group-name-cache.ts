import { comparableText } from '../../../shared/domain/text/same-text.ts';
import type { Clock, Zpa } from '../../../shared/ports/ports.ts';
import type { Scope } from '../../../shared/reading/read-group.ts';

/**
 * Caches group names from one listing for the steps of one rate window: a search per name would spend one read for each. The
 * cache only supplies an id; the group itself is read by that id before anything is decided, and must still have the name.
 */
export type GroupNameCache = {
  /**
   * The id of the only group with that name, according to a listing of this window; undefined if there is none, or more than
   * one. Without a fresh listing, a new one is made only if `mayList`.
   */
  idOf(zpa: Zpa, named: { tenant: string; name: string }, scope: Scope, mayList: boolean): Promise<string | undefined>;
};

/** From this many names on, a listing of two pages costs no more reads than a search for each. */
export const MIN_NAMES_TO_LIST = 3;

type Listing = { at: number; ids: Map<string, string | undefined> };

export function createGroupNameCache(clock: Pick<Clock, 'now'>, keptMs: number): GroupNameCache {
  const listings = new Map<string, Listing>();
  return {
    async idOf(zpa, { tenant, name }, scope, mayList) {
      const key = `${tenant} ${scope.microtenantId}`;
      const cached = listings.get(key);
      const isFresh = cached !== undefined && clock.now() - cached.at < keptMs;
      if (!isFresh && !mayList) return undefined;
      const listing = isFresh ? cached : await list(clock, zpa, scope);
      listings.set(key, listing);
      return listing.ids.get(comparableText(name));
    },
  };
}

async function list(clock: Pick<Clock, 'now'>, zpa: Zpa, scope: Scope): Promise<Listing> {
  const at = clock.now();
  const ids: Listing['ids'] = new Map();
  for await (const group of zpa.listGroups(scope)) {
    const name = comparableText(group.name);
    ids.set(name, ids.has(name) ? undefined : group.id);
  }
  return { at, ids };
}
