import type { AcceptRequest } from '../change/change.ts';
import { acceptedMembers, stateOf } from '../change/stated-members.ts';
import type { SegmentGroup } from '../group/group.ts';
import type { ApprovedBefore, LiveView } from '../group/live-view.ts';
import type { Approved, FieldDifference } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import { isSameTrimmed } from '../text/same-text.ts';
import { describeReference, differing, otherMembers, rejectDifferences, resolveGroup } from './decide-checks.ts';
import { type Decision, REACH_UNREAD } from './decision.ts';
import { effectOf, sortedIds } from './group-content.ts';

/**
 * Decides on an accept: if the live group is as it states, that is approved from now on. It writes nothing, whatever is
 * found. Texts are compared as the drift report compares them, memberships by id.
 */
export function decideAccept(change: AcceptRequest, live: LiveView, microtenantId: string): Decision {
  if (change.state === 'absent') return decideAbsence(change, live, microtenantId);
  const group = resolveGroup(change.group, live.group, 'group');
  if ('kind' in group) return group;
  const differences = differencesFrom(change, group);
  if (differences.length > 0) return rejectDifferences('the accept states', 'state', group, differences);
  return {
    kind: 'unchanged',
    effect: effectOf(group, group),
    approved: approvedOf(change, group),
    reach: REACH_UNREAD,
  };
}

function differencesFrom(change: AcceptRequest, group: SegmentGroup): FieldDifference[] {
  const { name, description, enabled } = stateOf(change) ?? {};
  const { has, hasNot, exactly } = acceptedMembers(change);
  const members = new Set(group.applicationIds);
  return [
    ...differentText('name', name, group.name),
    ...differentText('description', description, group.description),
    ...differing('enabled', enabled, group.enabled),
    ...has
      .filter((id) => !members.has(id))
      .map((id) => ({ field: 'applications.has', expected: id, found: 'not a member' })),
    ...hasNot
      .filter((id) => members.has(id))
      .map((id) => ({ field: 'applications.hasNot', expected: id, found: 'a member' })),
    ...(exactly === undefined ? [] : otherMembers('applications.exactly', exactly, members)),
  ];
}

const differentText = (field: string, stated: string | undefined, found: string) =>
  stated !== undefined && isSameTrimmed(stated, found) ? [] : differing(field, stated, found);

/** Texts are approved as ZPA spells them, so that no later write spells them anew. */
function approvedOf(change: AcceptRequest, group: SegmentGroup): Approved {
  const { name, description, enabled } = stateOf(change) ?? {};
  const { has, hasNot, exactly } = acceptedMembers(change);
  return {
    groupId: group.id,
    microtenantId: group.microtenantId,
    fields: {
      ...(name !== undefined && { name: group.name }),
      ...(description !== undefined && { description: group.description }),
      ...(enabled !== undefined && { enabled: group.enabled }),
    },
    members: {
      has: sortedIds(has),
      hasNot: sortedIds(hasNot),
      ...(exactly !== undefined && { exactly: group.applicationIds }),
    },
    deleted: false,
  };
}

/**
 * A group is absent if its read by id says so; reads of replicas that lag are refused before they get here. Only a group that
 * tickets approved can be accepted as absent: there is nothing to record about any other id.
 */
function decideAbsence({ group: { id } }: AcceptRequest, live: LiveView, microtenantId: string): Decision {
  if (live.group.kind === 'found') {
    const found = [{ field: 'state', expected: 'absent', found: 'in ZPA' }];
    return reject('precondition-failed', `the accept states that "${live.group.value.name}" is gone, and ZPA has it`, {
      path: 'state',
      details: { differences: found },
    });
  }
  const before = live.approvedBefore;
  if (before !== undefined && before.group?.microtenantId !== microtenantId) {
    const sentence = `no segment group ${describeReference({ id })} in this tenant and microtenant, ${whyNotAbsent(id, before)}`;
    return reject('group-not-found', sentence, { path: 'group' });
  }
  return {
    kind: 'unchanged',
    effect: { groupId: id, before: null, after: null, added: [], removed: [] },
    approved: { groupId: id, microtenantId, fields: {}, members: { has: [], hasNot: [] }, deleted: true },
    reach: REACH_UNREAD,
  };
}

function whyNotAbsent(id: string, { group, others }: ApprovedBefore): string {
  if (others.some((one) => one.id === id)) return 'and the record of what tickets approved of it cannot be read';
  return group === undefined ? 'and no ticket approved one' : 'tickets approved it in another microtenant';
}
