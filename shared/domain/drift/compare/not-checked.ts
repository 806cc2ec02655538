import type { DesiredGroup } from '../../records/desired-group.ts';
import type { NotChecked } from '../report.ts';
import { isDeleted, wasSought } from './managed-groups.ts';
import { type AbsenceCheck, covers, type GroupListing } from './readings.ts';

/** Groups that a ticket did not find already come last: they stay away, and only so many are looked for. */
const inOrderOfLooks = (a: DesiredGroup, b: DesiredGroup) =>
  Number(wasSought(a)) - Number(wasSought(b)) || (a.groupId < b.groupId ? -1 : 1);

const isRead = ({ result }: GroupListing) => 'groups' in result;

/** Ids of listed groups that cannot be parsed. */
const unreadableIds = (listings: readonly GroupListing[]) =>
  new Set(listings.flatMap(({ unreadable = [] }) => unreadable.flatMap(({ id }) => id ?? [])));

/** Managed groups that a successful listing should contain and does not; each needs an absence check. */
export function absentFromListings(
  desired: readonly DesiredGroup[],
  listings: readonly GroupListing[],
): DesiredGroup[] {
  const successful = listings.filter(isRead);
  const live = new Set(
    successful.flatMap(({ result }) => ('groups' in result ? result.groups.map(({ id }) => id) : [])),
  );
  const unreadable = unreadableIds(listings);
  return desired
    .filter((group) => !isDeleted(group) && !live.has(group.groupId) && !unreadable.has(group.groupId))
    .filter((group) => successful.some((listing) => covers(listing, group.microtenantId)))
    .toSorted(inOrderOfLooks);
}

type Readings = { listings: readonly GroupListing[]; absenceChecks: readonly AbsenceCheck[] };
type Entry = Omit<NotChecked, 'since'>;

/**
 * The managed groups of `alive` that could not be checked, and why: one entry per failed listing, per listed group that cannot
 * be parsed, and per failed read by id.
 */
export function notChecked(readings: Readings, alive: readonly DesiredGroup[], isLive: (groupId: string) => boolean) {
  const unlisted = alive.filter((group) => !isLive(group.groupId));
  const entries: Entry[] = [];
  const unchecked = new Set<string>();
  const add = (groups: readonly DesiredGroup[], entry: Omit<Entry, 'groups'>) => {
    for (const { groupId } of groups) unchecked.add(groupId);
    entries.push({ ...entry, groups: groups.length });
  };
  const open = (is: (group: DesiredGroup) => boolean) =>
    unlisted.filter((group) => !unchecked.has(group.groupId) && is(group));

  for (const { tenant, unreadable = [] } of readings.listings) {
    for (const { id, name, why } of unreadable) {
      const named = name === undefined ? '' : ` "${name}"`;
      const reason = `The group${named} cannot be parsed: ${why}`;
      const scope = { tenant, ...(id !== undefined && { groupId: id }), code: 'group-malformed', reason };
      if (id === undefined || !isLive(id))
        add(
          open(({ groupId }) => groupId === id),
          scope,
        );
    }
  }
  const successful = readings.listings.filter(isRead);
  const isCovered = (group: DesiredGroup) => successful.some((listing) => covers(listing, group.microtenantId));
  for (const listing of readings.listings) {
    if ('groups' in listing.result) continue;
    const { tenant, microtenantId, result } = listing;
    const hidden = open((group) => !isCovered(group) && covers(listing, group.microtenantId));
    add(hidden, { tenant, ...(microtenantId !== undefined && { microtenantId }), ...result.failure });
  }
  const orphaned = Map.groupBy(
    open((group) => !isCovered(group)),
    ({ microtenantId }) => microtenantId,
  );
  for (const [microtenantId, groups] of orphaned) {
    add(groups, { tenant: groups[0]?.tenant ?? '', microtenantId, ...NOT_CONFIGURED });
  }
  const checks = new Map(readings.absenceChecks.map(({ groupId, result }) => [groupId, result]));
  for (const group of open(() => true)) {
    const check = checks.get(group.groupId) ?? { failure: NOT_CONFIRMED };
    if (check === 'absent' || 'group' in check) continue;
    const { tenant, microtenantId, groupId } = group;
    add([group], { tenant, microtenantId, groupId, ...check.failure });
  }
  return { unchecked, entries };
}

const NOT_CONFIGURED = {
  code: 'not-configured',
  reason: 'Tickets approved groups in this microtenant, but the configuration no longer names it.',
};
const NOT_CONFIRMED = { code: 'not-confirmed', reason: 'Not in the list; not asked for by id.' };
