import { referenceKey } from '../change/change.ts';
import type { SegmentGroup } from '../group/group.ts';
import { groupsNamed } from '../group/live-view.ts';
import { refKey } from '../lane/change-ref.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import type { DesiredGroup } from '../records/desired-group.ts';

/**
 * The sequence of the latest approval that put each application into a group. An application segment belongs to one
 * group only (help.zscaler.com, "About Segment Groups"), so that approval removes it from every other one.
 */
export function newestClaims(groups: readonly DesiredGroup[]): Map<string, number> {
  const claims = new Map<string, number>();
  for (const group of groups) {
    for (const [id, [member, sequence]] of Object.entries(group.members)) {
      if (member === 1 && sequence > (claims.get(id) ?? 0)) claims.set(id, sequence);
    }
  }
  return claims;
}

/**
 * Ids that joined or left without approval. An id that no ticket named counts only if one stated the complete
 * membership.
 */
export function membershipDrift(
  desired: DesiredGroup,
  live: SegmentGroup,
  claims: ReadonlyMap<string, number>,
): { added: string[]; removed: string[] } {
  const members = new Set(live.applicationIds);
  const stated = Object.entries(desired.members);
  const named = new Set(stated.map(([id]) => id));
  const unnamed = desired.complete === undefined ? [] : live.applicationIds.filter((id) => !named.has(id));
  const unapproved = stated.filter(([id, [member]]) => member === 0 && members.has(id));
  // A later approval put the application into another group, so its absence here is approved.
  const left = stated.filter(([id, [member, at]]) => member === 1 && !members.has(id) && at >= (claims.get(id) ?? 0));
  return { added: [...unnamed, ...ids(unapproved)].toSorted(), removed: ids(left).toSorted() };
}

const ids = (stated: readonly [string, unknown][]) => stated.map(([id]) => id);

/** The number of changes in flight on the group with this id and these names. */
export type InFlight = (groupId: string, names: readonly string[]) => number;

/**
 * Counts changes that were open at the start or the end of a drift survey, and those that settled in between. The
 * ledger is read before and after ZPA; a difference of a group that changes touched meanwhile is not drift.
 */
export function changesInFlight(
  open: readonly Pick<ChangeRecord, 'ref' | 'change'>[],
  before: readonly DesiredGroup[],
  after: readonly DesiredGroup[],
): InFlight {
  const byGroup = new Map<string, Set<string>>();
  const note = (group: string, change: string) => {
    const changes = byGroup.get(group) ?? new Set();
    byGroup.set(group, changes.add(change));
  };
  for (const record of open) {
    for (const group of groupsNamed(record.change)) {
      note(referenceKey(group), refKey(record.ref));
    }
  }
  const earlier = new Map(before.map((group) => [group.groupId, group.version]));
  for (const { groupId, version, tenant, last } of after) {
    if (earlier.get(groupId) !== version) note(`id:${groupId}`, `${last.source}#${tenant}#${last.key}`);
  }
  return (groupId, names) => {
    const keys = [{ id: groupId }, ...names.map((name) => ({ name }))].map(referenceKey);
    return new Set(keys.flatMap((key) => [...(byGroup.get(key) ?? [])])).size;
  };
}
