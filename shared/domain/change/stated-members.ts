import type { AcceptRequest, ChangeRequest, Reference } from './change.ts';

/** Memberships that a change states as they should be found: in the state of an accept, or in `expect`. */

/** The fields that an accept states; undefined where it states that the group is absent. */
export const stateOf = ({ state }: AcceptRequest) => (state === 'absent' ? undefined : state);

/** Ids of the applications that an accept states to be members, to be none, or to be all members there are. */
export function acceptedMembers(change: AcceptRequest): { has: string[]; hasNot: string[]; exactly?: string[] } {
  const { has = [], hasNot = [], exactly } = stateOf(change)?.applications ?? {};
  const ids = (list: readonly { id: string }[]) => list.map((one) => one.id);
  return { has: ids(has), hasNot: ids(hasNot), ...(exactly !== undefined && { exactly: ids(exactly) }) };
}

/** Every application that an accept states. */
export function acceptedApplications(change: AcceptRequest): Reference[] {
  const { has, hasNot, exactly = [] } = acceptedMembers(change);
  return [...has, ...hasNot, ...exactly].map((id) => ({ id }));
}

/** Every application that a change expects to be a member, or not to be one. */
export function expectedApplications({ expect }: ChangeRequest): Reference[] {
  const { has = [], hasNot = [], exactly = [] } = expect?.members ?? {};
  return [...has, ...hasNot, ...exactly];
}

/** True if a change states the complete membership of its group as it should be found. */
export function statesAllMembers(change: ChangeRequest): boolean {
  if (change.action === 'accept') return acceptedMembers(change).exactly !== undefined;
  return change.expect?.members?.exactly !== undefined;
}
