import { type DesiredGroup, knownName } from '../../records/desired-group.ts';
import { comparableText } from '../../text/same-text.ts';
import type { LiveTenant } from './live-tenant.ts';
import type { AbsenceCheck } from './readings.ts';

/** Unicode form, entities and outer blanks are not drift: ZPA sometimes returns them changed. */
export const readsSame = (one: string, other: string): boolean =>
  one === other || comparableText(one).trim() === comparableText(other).trim();

/** True if a ticket deleted the group and no later ticket approved it again. */
export const isDeleted = (group: DesiredGroup): boolean =>
  group.deleted !== undefined && group.deleted.sequence >= group.last.sequence;

/** True if a ticket would have deleted the group after its last approval, and did not find it. */
export const wasSought = ({ unfound, last }: DesiredGroup): boolean => (unfound?.exists ?? 0) >= last.sequence;

/** True if tickets stated all that is compared of the group. */
export const isFullyStated = ({ name, description, enabled, complete }: DesiredGroup): boolean =>
  name !== undefined && description !== undefined && enabled !== undefined && complete !== undefined;

/** The desired groups by what tickets want of them now. */
export type ManagedGroups = {
  /** Approved and not deleted, in the order of their ids. */
  alive: DesiredGroup[];
  /** Approved to be absent, the latest decision first. */
  deleted: DesiredGroup[];
};

/**
 * Sorts the desired groups. A group that ZPA does not have is not missing where a later ticket created, renamed or deleted
 * another group of its name, or would have deleted it and did not find it.
 */
export function managedGroups(
  desired: readonly DesiredGroup[],
  live: LiveTenant,
  absenceChecks: readonly AbsenceCheck[],
): ManagedGroups {
  const inOrder = desired.toSorted((a, b) => (a.groupId < b.groupId ? -1 : 1));
  const successors = inOrder.flatMap((group) => successorOf(group, live) ?? []);
  const absent = new Set(absenceChecks.filter(({ result }) => result === 'absent').map(({ groupId }) => groupId));
  const isSettled = (group: DesiredGroup) => absent.has(group.groupId) && isReplaced(group, successors);
  const isGone = (group: DesiredGroup) => isDeleted(group) || (absent.has(group.groupId) && wasSought(group));
  return {
    alive: inOrder.filter((group) => !isGone(group) && !isSettled(group)),
    deleted: inOrder.filter(isGone).toSorted((a, b) => absentSince(b) - absentSince(a)),
  };
}

const absentSince = ({ deleted, unfound }: DesiredGroup) => Math.max(deleted?.sequence ?? 0, unfound?.exists ?? 0);

type Successor = { groupId: string; microtenantId: string; name: string; sequence: number };

/** The latest ticket that gave the group its name while it lives, or that deleted the bearer of that name. */
function successorOf(group: DesiredGroup, live: LiveTenant): Successor | undefined {
  const name = knownName(group);
  const sequence = isDeleted(group) ? group.deleted?.sequence : group.name?.sequence;
  if (name === undefined || sequence === undefined) return undefined;
  if (!isDeleted(group) && !live.groups.has(group.groupId)) return undefined;
  return { groupId: group.groupId, microtenantId: group.microtenantId, name, sequence };
}

function isReplaced(group: DesiredGroup, successors: readonly Successor[]): boolean {
  const name = knownName(group);
  return (
    name !== undefined &&
    successors.some(
      (one) =>
        one.groupId !== group.groupId &&
        one.microtenantId === group.microtenantId &&
        one.sequence > group.last.sequence &&
        readsSame(one.name, name),
    )
  );
}
