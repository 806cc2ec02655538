import type { SegmentGroup } from '../group/group.ts';
import type { DesiredGroup } from '../records/desired-group.ts';
import type { Finding, ReadFailure } from './drift.ts';

/** One listing of groups: of a microtenant, or (`microtenantId` undefined) of all that the tenant's client can read. */
export type GroupListing = {
  tenant: string;
  microtenantId: string | undefined;
  result: { groups: SegmentGroup[] } | { failure: ReadFailure };
};

/**
 * The read by id of a group that its listing lacked: a group that moved between pages while they were read is not
 * absent.
 */
export type AbsenceCheck = { groupId: string; result: 'absent' | { group: SegmentGroup } | { failure: ReadFailure } };

const byId = (a: DesiredGroup, b: DesiredGroup) => (a.groupId < b.groupId ? -1 : 1);

const covers = (listing: GroupListing, group: DesiredGroup) =>
  listing.microtenantId === undefined || listing.microtenantId === group.microtenantId;

/** The name people know it by: the approved one, or the one it had when a ticket last touched it. */
export const knownName = (group: DesiredGroup) => group.name?.value ?? group.seenName?.value;

/** Whether a ticket deleted the group and no later ticket approved it again. */
export const isDeleted = (group: DesiredGroup) =>
  group.deleted !== undefined && group.deleted.sequence >= group.last.sequence;

/** The groups of all listings by id. */
export function listed(listings: readonly GroupListing[]): Map<string, SegmentGroup> {
  const groups = listings.flatMap(({ result }) => ('groups' in result ? result.groups : []));
  return new Map(groups.map((group) => [group.id, group]));
}

/** Managed groups that a successful listing should contain and does not; each needs an absence check. */
export function absentFromListings(
  desired: readonly DesiredGroup[],
  listings: readonly GroupListing[],
): DesiredGroup[] {
  const live = listed(listings);
  const successful = listings.filter(({ result }) => 'groups' in result);
  return desired
    .filter(
      (group) => !isDeleted(group) && !live.has(group.groupId) && successful.some((listing) => covers(listing, group)),
    )
    .toSorted(byId);
}

type Input = { listings: readonly GroupListing[]; absenceChecks: readonly AbsenceCheck[] };

/** Managed groups that could not be checked, and the findings that say why: one per failed listing or absence check. */
export function notChecked(input: Input, alive: readonly DesiredGroup[], live: Map<string, SegmentGroup>) {
  const unlisted = alive.filter((group) => !live.has(group.groupId));
  const successful = input.listings.filter(({ result }) => 'groups' in result);
  const uncovered = new Set(unlisted.filter((group) => !successful.some((listing) => covers(listing, group))));
  const unchecked = new Set([...uncovered].map((group) => group.groupId));
  const findings: Finding[] = [];
  for (const { tenant, microtenantId, result } of input.listings) {
    if ('groups' in result) continue;
    const concerned = [...uncovered].filter((group) => covers({ tenant, microtenantId, result }, group));
    for (const group of concerned) uncovered.delete(group);
    const scope = { tenant, ...(microtenantId !== undefined && { microtenantId }) };
    findings.push({ kind: 'not-checked', ...scope, ...result.failure, groups: concerned.length });
  }
  const reason = 'Tickets approved groups in this microtenant, but the configuration no longer names it.';
  const orphaned = Map.groupBy(uncovered, (group) => group.microtenantId);
  for (const [microtenantId, groups] of orphaned) {
    const tenant = groups[0]?.tenant ?? '';
    findings.push({
      kind: 'not-checked',
      tenant,
      microtenantId,
      code: 'not-configured',
      reason,
      groups: groups.length,
    });
  }
  const checks = new Map(input.absenceChecks.map(({ groupId, result }) => [groupId, result]));
  for (const group of unlisted.filter((each) => !unchecked.has(each.groupId))) {
    const check = checks.get(group.groupId) ?? {
      failure: { code: 'not-confirmed', reason: 'Not in the list; not asked for by id.' },
    };
    if (check === 'absent' || 'group' in check) continue;
    unchecked.add(group.groupId);
    const { tenant, microtenantId, groupId } = group;
    findings.push({ kind: 'not-checked', tenant, microtenantId, groupId, ...check.failure, groups: 1 });
  }
  return { unchecked, findings };
}
