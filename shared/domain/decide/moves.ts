import type { Reference } from '../change/change.ts';
import type { Application, SegmentGroup } from '../group/group.ts';
import type { LiveView } from '../group/live-view.ts';
import type { Approved, Move, Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import { checkWritable, rejectForeign, resolveGroup } from './decide-checks.ts';
import type { Transition } from './decision.ts';
import { withMembers } from './group-content.ts';

/**
 * The other ends of a move: the groups that applications leave and the group that they join. ZPA has no documented call
 * that moves an application in one write, so an application first leaves its source and then joins its destination.
 */
export type OtherEnds = {
  /** Groups that applications leave; written before the change's own group. */
  sources: Transition[];
  /** The group that applications join; written after the change's own group. It may be a source too: a swap. */
  destinations: Transition[];
  moves: Move[];
  approved: Omit<Approved, 'others'>[];
};

export const NO_OTHER_ENDS: OtherEnds = { sources: [], destinations: [], moves: [], approved: [] };

const nameOf = ({ id, name }: SegmentGroup) => ({ id, name });

/** The writes that take `joining` out of their present groups, so that they can join `group`. */
export function takeFrom(
  group: SegmentGroup,
  joining: readonly Application[],
  live: LiveView,
): Pick<OtherEnds, 'sources' | 'moves' | 'approved'> | Rejection {
  const givers: Transition[] = [];
  const moves: Move[] = [];
  const approved: OtherEnds['approved'] = [];
  const foreign = joining.filter((a) => a.segmentGroupId !== undefined && a.segmentGroupId !== group.id);
  for (const [sourceId, leaving] of Map.groupBy(foreign, (a) => a.segmentGroupId ?? '')) {
    const source = live.sources.get(sourceId);
    if (source === undefined || source.microtenantId !== group.microtenantId)
      return rejectForeign(leaving, ', of another microtenant', { remedy: OTHER_MICROTENANT });
    const refused = checkWritable(source);
    if (refused !== undefined) return refused;
    const applicationIds = leaving.map((a) => a.id);
    givers.push({ before: source, after: withMembers(source, [], applicationIds) });
    moves.push({ from: nameOf(source), to: nameOf(group), applicationIds });
    approved.push(approvedMembers(source, [], applicationIds));
  }
  return { sources: givers, moves, approved };
}

/** The writes that add `leaving` to the destination that the change names. */
export function sendTo(
  group: SegmentGroup,
  leaving: readonly string[],
  reference: Reference,
  live: LiveView,
  path: string,
): Pick<OtherEnds, 'destinations' | 'moves' | 'approved'> | Rejection {
  const destination = resolveGroup(reference, live.destination ?? { kind: 'missing' }, path);
  if ('kind' in destination) return destination;
  if (destination.id === group.id) {
    return reject('invalid-change', `"${group.name}" cannot be the destination of what leaves it`, { path });
  }
  const refused = checkWritable(destination);
  if (refused !== undefined) return refused;
  if (leaving.length === 0) return { destinations: [], moves: [], approved: [] };
  const applicationIds = [...leaving];
  return {
    destinations: [{ before: destination, after: withMembers(destination, applicationIds, []) }],
    moves: [{ from: nameOf(group), to: nameOf(destination), applicationIds }],
    approved: [approvedMembers(destination, applicationIds, [])],
  };
}

/** The live view after `sources` are written, so that a destination that is also a source is written on top of that. */
export function afterTaking(live: LiveView, sources: readonly Transition[]): LiveView {
  const { destination } = live;
  if (destination?.kind !== 'found') return live;
  const value = sources.find(({ after }) => after?.id === destination.value.id)?.after ?? destination.value;
  return { ...live, destination: { kind: 'found', value } };
}

/** One approval per group: a group that gives and takes appears twice. */
export function joinApproved(list: OtherEnds['approved']): OtherEnds['approved'] {
  const joined = new Map<string, OtherEnds['approved'][number]>();
  for (const one of list) {
    const { has = [], hasNot = [] } = joined.get(one.groupId)?.members ?? {};
    const members = { has: [...has, ...one.members.has], hasNot: [...hasNot, ...one.members.hasNot] };
    joined.set(one.groupId, { ...one, members });
  }
  return [...joined.values()];
}

function approvedMembers(group: SegmentGroup, has: string[], hasNot: string[]): Omit<Approved, 'others'> {
  const { id: groupId, microtenantId } = group;
  return { groupId, microtenantId, fields: {}, members: { has, hasNot }, deleted: false };
}

const OTHER_MICROTENANT = 'Application segments are not moved across microtenants; do this in the ZPA admin portal.';
