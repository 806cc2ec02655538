import type { ChangeRequest } from '../change/change.ts';
import { mayUpdate } from '../change/if-exists.ts';
import type { SegmentGroup } from '../group/group.ts';
import type { Found } from '../group/live-view.ts';
import type { Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';

/**
 * A create with `ifExists: update` becomes an update if its group exists; any other change stays as it is. Fields that
 * the create does not state stay unchanged, its applications join, and none leave: a change writes only what it names.
 */
export function asUpdate(change: ChangeRequest, group: Pick<Found<unknown>, 'kind'>): ChangeRequest {
  if (!mayUpdate(change) || group.kind === 'missing') return change;
  const {
    action: _action,
    ifExists: _ifExists,
    configSpace: _,
    description,
    enabled,
    applications,
    ...common
  } = change;
  return {
    ...common,
    action: 'update',
    set: { ...(description !== undefined && { description }), ...(enabled !== undefined && { enabled }) },
    applications: { add: applications },
    takeFromOtherGroups: false,
    leaveUngrouped: false,
  };
}

/** Rejects a create that would update a group of another config space: ZPA cannot change a group's config space. */
export function checkConfigSpace(change: ChangeRequest, group: SegmentGroup): Rejection | undefined {
  if (!mayUpdate(change) || change.configSpace === undefined || change.configSpace === group.configSpace)
    return undefined;
  const where = `in config space ${group.configSpace}`;
  return reject(
    'group-exists',
    `"${group.name}" (${group.id}) exists ${where}, and the create asks for ${change.configSpace}`,
    {
      path: 'configSpace',
      remedy: 'Leave configSpace out to update the group as it is, or choose another name.',
      details: { candidates: [{ id: group.id, name: group.name }] },
    },
  );
}
