import { membershipOf, type UpdateRequest } from '../change/change.ts';
import type { Application, SegmentGroup } from '../group/group.ts';
import type { LiveView } from '../group/live-view.ts';
import type { Approved, Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import { isSameText } from '../text/same-text.ts';
import { checkExpectations, checkUngrouped, checkWritable, listIds, resolvedApplication } from './decide-checks.ts';
import { type Decision, REACH_UNREAD, type ResolvedApplications } from './decision.ts';
import { effectOf, hasSameContent, sortedIds, withMembers } from './group-content.ts';
import { afterTaking, joinApproved, type OtherEnds, sendTo, takeFrom } from './moves.ts';

/** Decides on an update: before and after differ only in the fields and memberships that the change names. */
export function decideUpdate(
  change: UpdateRequest,
  group: SegmentGroup,
  live: LiveView,
  resolved: ResolvedApplications,
): Decision {
  const membership = resolveMembership(change, group, resolved);
  if ('kind' in membership) return membership;
  const refused =
    checkWritable(group) ?? checkExpectations(change, group, resolved) ?? checkNameFree(change.set?.name, group, live);
  if (refused !== undefined) return refused;
  const ends = otherEnds(change, group, membership, live);
  if ('kind' in ends) return ends;
  const joining = membership.joining.map((a) => a.id);
  const after: SegmentGroup = {
    ...withMembers(group, joining, membership.leaving),
    name: textAfter(change.set?.name, group.name),
    description: textAfter(change.set?.description, group.description),
    enabled: change.set?.enabled ?? group.enabled,
  };
  const approved: Approved = {
    groupId: group.id,
    microtenantId: group.microtenantId,
    fields: definedFields(change.set),
    members: membership.complete
      ? { has: [], hasNot: [], exactly: after.applicationIds }
      : { has: sortedIds(membership.has.map((a) => a.id)), hasNot: sortedIds(membership.removed.map((a) => a.id)) },
    deleted: false,
    ...(ends.approved.length > 0 && { others: ends.approved }),
  };
  const effect = { ...effectOf(group, after), ...(ends.moves.length > 0 && { moves: ends.moves }) };
  if (hasSameContent(group, after)) return { kind: 'unchanged', effect, approved, reach: REACH_UNREAD };
  const transitions = [...ends.sources, { before: group, after }, ...ends.destinations];
  return { kind: 'write', transitions, effect, approved, reach: REACH_UNREAD };
}

/** A text that reads the same stays as ZPA stores it, so no write spells it anew. */
function textAfter(requested: string | undefined, stored: string): string {
  return requested === undefined || isSameText(requested, stored) ? stored : requested;
}

/** The memberships the change requests, and the applications that join and leave this group by it. */
type ResolvedMembership = {
  has: Application[];
  removed: Application[];
  joining: Application[];
  leaving: string[];
  /** The change states the complete membership. */
  complete: boolean;
};

function resolveMembership(
  change: UpdateRequest,
  group: SegmentGroup,
  resolved: ResolvedApplications,
): ResolvedMembership | Rejection {
  const requested = membershipOf(change);
  const has = (requested?.replace ?? requested?.add ?? []).map((r) => resolvedApplication(resolved, r));
  const removed = (requested?.remove ?? []).map((r) => resolvedApplication(resolved, r));
  const both = has.find((a) => removed.some((b) => b.id === a.id));
  if (both !== undefined) {
    return reject('invalid-change', `application segment ${both.id} ("${both.name}") is in both add and remove`, {
      path: 'applications',
    });
  }
  const members = new Set(group.applicationIds);
  const staying = new Set(has.map((a) => a.id));
  const complete = requested?.replace !== undefined;
  const leaving = complete
    ? group.applicationIds.filter((id) => !staying.has(id))
    : sortedIds(removed.map((a) => a.id).filter((id) => members.has(id)));
  return { has, removed, joining: has.filter((a) => !members.has(a.id)), leaving, complete };
}

/** The groups that joining applications come from, and those that leaving applications go to. */
function otherEnds(
  change: UpdateRequest,
  group: SegmentGroup,
  membership: ResolvedMembership,
  live: LiveView,
): OtherEnds | Rejection {
  const taken = change.takeFromOtherGroups
    ? takeFrom(group, membership.joining, live)
    : checkUngrouped(membership.joining, group.id);
  if (taken !== undefined && 'kind' in taken) return taken;
  const sent =
    change.moveTo === undefined
      ? checkLeaving(change, membership.leaving)
      : sendTo(group, membership.leaving, change.moveTo, afterTaking(live, taken?.sources ?? []), 'moveTo');
  if (sent !== undefined && 'kind' in sent) return sent;
  return {
    sources: taken?.sources ?? [],
    destinations: sent?.destinations ?? [],
    moves: [...(taken?.moves ?? []), ...(sent?.moves ?? [])],
    approved: joinApproved([...(taken?.approved ?? []), ...(sent?.approved ?? [])]),
  };
}

function checkNameFree(name: string | undefined, group: SegmentGroup, live: LiveView): Rejection | undefined {
  const others =
    name === undefined || isSameText(name, group.name) ? [] : live.nameTakenBy.filter((g) => g.id !== group.id);
  if (others.length === 0) return undefined;
  return reject('group-exists', `the new name "${name}" is taken by ${listIds(others)}`, {
    path: 'set.name',
    details: { candidates: others },
  });
}

function checkLeaving(change: UpdateRequest, leaving: readonly string[]): Rejection | undefined {
  if (change.leaveUngrouped || leaving.length === 0) return undefined;
  const count = leaving.length === 1 ? '1 application segment' : `${leaving.length} application segments`;
  return reject('would-leave-ungrouped', `${count} would be left without a group`, {
    path: 'applications',
    details: { applications: leaving.slice(0, 100) },
  });
}

function definedFields(set: UpdateRequest['set']): Approved['fields'] {
  return {
    ...(set?.name !== undefined && { name: set.name }),
    ...(set?.description !== undefined && { description: set.description }),
    ...(set?.enabled !== undefined && { enabled: set.enabled }),
  };
}
