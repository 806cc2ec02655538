import type { SegmentGroup } from '../group/group.ts';
import type { DesiredGroup } from '../records/desired-group.ts';

import type { Finding, ReadFailure } from './drift.ts';

/** One listing of groups: of a microtenant, or (`microtenantId` undefined) of all the tenant's client sees. */
export type GroupListing = {
  tenant: string;
  microtenantId: string | undefined;
  result: { groups: SegmentGroup[] } | { failure: ReadFailure };
};

/** A group the list lacked, asked for by its id: a page that shifted while it was read must not look like a deletion. */
export type AbsenceCheck = { groupId: string; result: 'absent' | { group: SegmentGroup } | { failure: ReadFailure } };

const byId = (a: DesiredGroup, b: DesiredGroup) => (a.groupId < b.groupId ? -1 : 1);

const covers = (reading: GroupListing, group: DesiredGroup) =>
  reading.microtenantId === undefined || reading.microtenantId === group.microtenantId;

/** What people call it: the approved name, or the one it had when a ticket last touched it. */
export const knownName = (group: DesiredGroup) => group.name?.value ?? group.seenName?.value;

/** A delete that nothing approved later took back. */
export const isDeleted = (group: DesiredGroup) =>
  group.deleted !== undefined && group.deleted.sequence >= group.last.sequence;

/** Every group some listing held, by id. */
export function listed(readings: readonly GroupListing[]): Map<string, SegmentGroup> {
  const groups = readings.flatMap((reading) => ('groups' in reading.result ? reading.result.groups : []));
  return new Map(groups.map((group) => [group.id, group]));
}

/** Managed groups that a successful listing should hold and does not: each wants a second look by id. */
export function absentFromListings(
  desired: readonly DesiredGroup[],
  readings: readonly GroupListing[],
): DesiredGroup[] {
  const live = listed(readings);
  const read = readings.filter((reading) => 'groups' in reading.result);
  return desired
    .filter((group) => !isDeleted(group) && !live.has(group.groupId) && read.some((reading) => covers(reading, group)))
    .toSorted(byId);
}

type Input = { listings: readonly GroupListing[]; absenceChecks: readonly AbsenceCheck[] };

/** Managed groups nothing can be said about, and why: per failed listing, per failed second look. */
export function notChecked(input: Input, alive: readonly DesiredGroup[], live: Map<string, SegmentGroup>) {
  const unseen = alive.filter((group) => !live.has(group.groupId));
  const read = input.listings.filter((reading) => 'groups' in reading.result);
  const uncovered = new Set(unseen.filter((group) => !read.some((reading) => covers(reading, group))));
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
  const looks = new Map(input.absenceChecks.map((look) => [look.groupId, look.result]));
  for (const group of unseen.filter((each) => !unchecked.has(each.groupId))) {
    const look = looks.get(group.groupId) ?? {
      failure: { code: 'not-confirmed', reason: 'Not in the list; not asked for by id.' },
    };
    if (look === 'absent' || 'group' in look) continue;
    unchecked.add(group.groupId);
    const { tenant, microtenantId, groupId } = group;
    findings.push({ kind: 'not-checked', tenant, microtenantId, groupId, ...look.failure, groups: 1 });
  }
  return { unchecked, findings };
}
