import type { AcceptRequest, ChangeRequest } from '../../../shared/domain/change/change.ts';
import { acceptedMembers } from '../../../shared/domain/change/stated-members.ts';
import type { ApprovedBefore, SoughtBefore } from '../../../shared/domain/group/live-view.ts';
import { isNamed } from '../../../shared/domain/ledger/unfound.ts';
import { idsRemoved } from '../../../shared/domain/outcome/parts-sought.ts';
import { type DesiredGroup, knownName } from '../../../shared/domain/records/desired-group.ts';
import { newestClaims } from '../../../shared/domain/records/newest-claims.ts';

/**
 * Reads from the desired states of a lane what an accept departs from. An application that is accepted as a member leaves
 * the group into which tickets approved it, and one that is accepted as no member is dropped: both need a grant, though
 * nothing is written.
 * `unreadable`: ids of groups whose records cannot be read; any of them may hold what the accept departs from, and that of its own
 * group may hold another name.
 */
export function approvedBefore(
  change: AcceptRequest,
  desired: readonly DesiredGroup[],
  unreadable: readonly string[] = [],
): ApprovedBefore {
  const own = desired.find(({ groupId }) => groupId === change.group.id);
  const { has, hasNot, exactly } = acceptedMembers(change);
  const claims = newestClaims(desired);
  const isMemberOf = (group: DesiredGroup, id: string) => {
    const claim = claims.get(id);
    return claim?.group === group && !claim.isLeft;
  };
  const [joining, leaving] = [[...has, ...(exactly ?? [])], new Set(hasNot)];
  const kept = new Set(exactly);
  const isDropped = (id: string) => leaving.has(id) || (exactly !== undefined && !kept.has(id));
  const taken = (group: DesiredGroup) => (group === own ? [] : joining.filter((id) => isMemberOf(group, id)));
  const others = desired.map((group) => ({ id: group.groupId, name: knownName(group), applicationIds: taken(group) }));
  const touchesMembers = joining.length + leaving.size > 0 || exactly !== undefined;
  const doubtful = touchesMembers ? unreadable : unreadable.filter((id) => id === change.group.id);
  return {
    group: own && { name: knownName(own), microtenantId: own.microtenantId },
    dropped: own === undefined ? [] : Object.keys(own.members).filter((id) => isMemberOf(own, id) && isDropped(id)),
    others: [
      ...others.filter(({ applicationIds }) => applicationIds.length > 0),
      ...doubtful.map((id) => ({ id, name: undefined, applicationIds: [] })),
    ],
  };
}

/**
 * Finds the approved part of a group that changes would delete or take application segments out of; undefined: they end nothing
 * approved.
 */
export function soughtBefore(
  changes: readonly ChangeRequest[],
  microtenantId: string,
  desired: readonly DesiredGroup[],
  unreadable: readonly string[] = [],
): SoughtBefore | undefined {
  const [change] = changes;
  if (change === undefined) return undefined;
  const { group } = change;
  const removed = new Set(changes.flatMap(idsRemoved));
  if ('id' in group && unreadable.includes(group.id)) {
    return { group: { id: group.id, name: undefined }, dropped: [...removed] };
  }
  const own = desired.filter((one) => isNamed(one, group, microtenantId));
  const dropped = own.flatMap(({ members }) => [...removed].filter((id) => members[id]?.[0] === 1));
  const [first] = own;
  if (first === undefined || (change.action === 'update' && dropped.length === 0)) return undefined;
  return { group: { id: first.groupId, name: knownName(first) }, dropped };
}
