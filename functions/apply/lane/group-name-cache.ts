import type { Clock, Zpa } from '../../../shared/ports/ports.ts';
import type { Scope } from '../../../shared/reading/read-live.ts';

/**
 * Names of groups from one listing, for the steps of one rate window: a search per name would spend a read for each. It only
 * says where to look; the group itself is read by its id before anything is decided, and must still bear the name.
 */
export type GroupNameCache = {
  /**
   * The only group of that name, as of a listing of this window; undefined if there is none, or more than one. Without a
   * listing, one is made only if `worthIt`.
   */
  idOf(zpa: Zpa, named: { tenant: string; name: string }, scope: Scope, worthIt: boolean): Promise<string | undefined>;
};

/** Fewer searches than this cost less than a listing of two pages. */
export const MIN_NAMES_TO_LIST = 3;

type Listing = { at: number; ids: Map<string, string | undefined> };

export function createGroupNameCache(clock: Pick<Clock, 'now'>, keptMs: number): GroupNameCache {
  const listings = new Map<string, Listing>();
  return {
    async idOf(zpa, { tenant, name }, scope, worthIt) {
      const key = `${tenant} ${scope.microtenantId}`;
      const known = listings.get(key);
      const isFresh = known !== undefined && clock.now() - known.at < keptMs;
      if (!isFresh && !worthIt) return undefined;
      const listing = isFresh ? known : await list(clock, zpa, scope);
      listings.set(key, listing);
      return listing.ids.get(name);
    },
  };
}

async function list(clock: Pick<Clock, 'now'>, zpa: Zpa, scope: Scope): Promise<Listing> {
  const at = clock.now();
  const ids: Listing['ids'] = new Map();
  for await (const { id, name } of zpa.listGroups(scope)) ids.set(name, ids.has(name) ? undefined : id);
  return { at, ids };
}
