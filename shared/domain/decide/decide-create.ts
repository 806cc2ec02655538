import { type CreateRequest, newGroupFields } from '../change/change.ts';
import type { SegmentGroup } from '../group/group.ts';
import type { LiveView } from '../group/live-view.ts';
import { reject } from '../outcome/reject.ts';
import { checkUngrouped, listIds, resolvedApplication } from './decide-checks.ts';
import { type Decision, REACH_UNREAD, type ResolvedApplications } from './decision.ts';
import { effectOf, NEW_GROUP, sortedIds } from './group-content.ts';

/** Decides on a new group: no group may have its name, and its applications must be without a group. */
export function decideCreate(
  change: CreateRequest,
  live: LiveView,
  resolved: ResolvedApplications,
  microtenantId: string,
): Decision {
  const applications = change.applications.map((r) => resolvedApplication(resolved, r));
  if (live.group.kind !== 'missing') {
    const candidates =
      live.group.kind === 'found' ? [{ id: live.group.value.id, name: live.group.value.name }] : live.group.candidates;
    return reject('group-exists', `a segment group named "${change.group.name}" exists: ${listIds(candidates)}`, {
      path: 'group.name',
      details: { candidates },
    });
  }
  const grouped = checkUngrouped(applications, undefined);
  if (grouped !== undefined) return grouped;
  const after: SegmentGroup = {
    id: NEW_GROUP,
    name: change.group.name,
    ...newGroupFields(change),
    microtenantId,
    applicationIds: sortedIds(applications.map((a) => a.id)),
    readOnly: false,
    modifiedBy: undefined,
    modifiedTime: undefined,
    creationTime: undefined,
  };
  return {
    kind: 'write',
    transitions: [{ before: null, after }],
    effect: effectOf(null, after),
    reach: REACH_UNREAD,
    approved: {
      groupId: NEW_GROUP,
      microtenantId,
      fields: { name: after.name, description: after.description, enabled: after.enabled },
      members: { has: [], hasNot: [], exactly: after.applicationIds },
      deleted: false,
    },
  };
}
