import { MAX_APPLICATIONS } from '../../change/change.ts';
import type { SegmentGroup } from '../../group/group.ts';
import type { DesiredGroup } from '../../records/desired-group.ts';
import { newestClaims } from '../../records/newest-claims.ts';
import type { Finding } from '../report.ts';
import {
  approvalsOf,
  byIds,
  type ChangeBody,
  chunksOf,
  type Draft,
  type LaneState,
  nameOf,
  placeOf,
  type Resolution,
  unresolved,
} from './resolution.ts';

/**
 * The change set that brings a missing group back: it creates the group with what tickets approved (or brings the live group of
 * its name to that), moves back the application segments that are elsewhere, and then accepts that the old id is absent.
 * `taken`: those that changes before it take from the groups in which they are now.
 */
export function restoreGroup(finding: Finding, state: LaneState, taken: ReadonlySet<string>): Resolution {
  const approved = state.desired.get(finding.group.id);
  const name = approved?.name?.value;
  if (approved === undefined || name === undefined) {
    const reason = 'tickets stated only a part of it and never its name, so the rest of it is not known';
    const remedy = 'Accept it, and create a group by a change of your own.';
    return { units: [], unresolved: [unresolved(finding, reason, remedy)], notes: [] };
  }
  const { live: members, gone } = approvedMembers(approved, state);
  const twin = typeof finding.to === 'object' ? state.groups.get(finding.to.id) : undefined;
  const bodies =
    twin === undefined ? created(approved, name, members, state) : broughtBack(approved, name, members, twin, taken);
  if (bodies === undefined) {
    const reason = `${nameOf(finding.group)} and the group of its name hold more than ${MAX_APPLICATIONS} application segments`;
    return { units: [], unresolved: [unresolved(finding, reason, 'Accept it.')], notes: [] };
  }
  const absent: ChangeBody = { action: 'accept', group: { id: finding.group.id }, state: 'absent' };
  const replaces = approvalsOf(finding);
  const draft = (body: ChangeBody): Draft => ({
    ...placeOf(state, finding.group.id, finding),
    body,
    answers: [finding.id],
    replaces,
  });
  return {
    units: [[...bodies, absent].map(draft)],
    unresolved: [],
    notes: notesOf(finding, approved, gone, twin),
  };
}

/** The application segments that tickets approved into the group and nowhere else since: those that live, and the others. */
function approvedMembers(approved: DesiredGroup, { desired, applicationIds }: LaneState) {
  const claims = newestClaims(desired.values());
  const own = Object.entries(approved.members).flatMap(([id, [member]]) => {
    const claim = claims.get(id);
    return member === 1 && claim?.group.groupId === approved.groupId && !claim.isLeft ? [id] : [];
  });
  const lives = (id: string) => applicationIds === undefined || applicationIds.has(id);
  return { live: own.filter(lives).toSorted(), gone: own.filter((id) => !lives(id)).toSorted() };
}

function created(
  approved: DesiredGroup,
  name: string,
  members: readonly string[],
  { groups }: LaneState,
): ChangeBody[] {
  const grouped = new Set([...groups.values()].flatMap((group) => group.applicationIds));
  const [first = [], ...rest] = chunksOf(
    members.filter((id) => !grouped.has(id)),
    MAX_APPLICATIONS,
  );
  const elsewhere = members.filter((id) => grouped.has(id));
  const fields = { ...fieldOf(approved, 'description'), ...fieldOf(approved, 'enabled') };
  return [
    { action: 'create', group: { name }, ...fields, applications: byIds(first) },
    ...rest.map((add): ChangeBody => ({ action: 'update', group: { name }, applications: { add: byIds(add) } })),
    ...chunksOf(elsewhere, MAX_APPLICATIONS).map(
      (add): ChangeBody => ({
        action: 'update',
        group: { name },
        applications: { add: byIds(add) },
        takeFromOtherGroups: true,
      }),
    ),
  ];
}

/** Brings the live group of the missing one's name to what was approved; undefined: one change cannot name its members. */
function broughtBack(
  approved: DesiredGroup,
  name: string,
  members: readonly string[],
  twin: SegmentGroup,
  taken: ReadonlySet<string>,
): ChangeBody[] | undefined {
  const complete = approved.complete !== undefined;
  const live = new Set(twin.applicationIds.filter((id) => !taken.has(id)));
  const leaving = complete ? [...live].filter((id) => !members.includes(id)) : [];
  if (members.length + live.size > MAX_APPLICATIONS) return undefined;
  const { description, enabled } = twin;
  return [
    {
      action: 'update',
      group: { id: twin.id },
      expect: { name: twin.name, description, enabled, members: { exactly: byIds(live) } },
      set: { name, ...fieldOf(approved, 'description'), ...fieldOf(approved, 'enabled') },
      ...(complete
        ? { applications: { replace: byIds(members) } }
        : members.length > 0 && { applications: { add: byIds(members) } }),
      ...(members.some((id) => !live.has(id)) && { takeFromOtherGroups: true }),
      ...(leaving.length > 0 && { leaveUngrouped: true }),
    },
  ];
}

function fieldOf<Field extends 'description' | 'enabled'>(approved: DesiredGroup, field: Field) {
  const value = approved[field]?.value;
  return value === undefined ? {} : { [field]: value };
}

function notesOf({ group }: Finding, approved: DesiredGroup, gone: readonly string[], twin?: SegmentGroup): string[] {
  const named = nameOf(group);
  const notes: string[] = [];
  if (gone.length > 0) {
    const shown = `${gone.slice(0, 10).join(', ')}${gone.length > 10 ? ` and ${gone.length - 10} more` : ''}`;
    notes.push(`${named}: these application segments are gone from ZPA and do not come back: ${shown}.`);
  }
  if (twin !== undefined) {
    notes.push(`${named}: ${nameOf(twin)} has its name, so that group is set to the approved state.`);
    return notes;
  }
  notes.push(`${named} gets a new id: policy rules that named it are not put back.`);
  if (approved.enabled === undefined)
    notes.push(`${named} is created disabled: no ticket stated whether it is enabled.`);
  if (approved.description === undefined) notes.push(`${named} is created without description: no ticket stated one.`);
  if (approved.complete === undefined) notes.push(`${named}: tickets stated only some of its application segments.`);
  return notes;
}
