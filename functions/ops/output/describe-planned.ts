import {
  type ChangeRequest,
  membershipOf,
  type Reference,
  referenceKey,
} from '../../../shared/domain/change/change.ts';
import { type StandingMembers, standingMembers } from '../../../shared/domain/outcome/standing-members.ts';
import type { PlannedForSource } from '../../../shared/reading/plan-for-source.ts';
import { describeRequest } from './describe-request.ts';

/**
 * Describes a planned change as `describeRequest` does, with the members that would join or leave alone, and the group by the
 * name that ZPA shows.
 */
export function describePlanned(change: ChangeRequest, planned: PlannedForSource): string {
  const { live } = planned;
  return describeRequest(toWrite(change, planned), live?.group.kind === 'found' ? live.group.value.name : undefined);
}

/** The members that the change names and that would stay as they are; none of a change that is rejected or writes nothing ever. */
export function standingOf(change: ChangeRequest, { decision }: PlannedForSource): StandingMembers {
  if (decision.kind === 'rejected' || change.action === 'accept') return { there: [], absent: [] };
  return standingMembers(decision);
}

/** The names of the application segments that a plan has read, by id. */
export function namesOf({ live }: PlannedForSource): Map<string, string> {
  const found = [...(live?.applications.values() ?? [])].flatMap((one) => (one.kind === 'found' ? [one.value] : []));
  return new Map([...(live?.memberNames ?? []), ...found.map(({ id, name }): [string, string] => [id, name])]);
}

/** The change without the members that stay as they are. */
function toWrite(change: ChangeRequest, planned: PlannedForSource): ChangeRequest {
  const membership = change.action === 'update' ? membershipOf(change) : undefined;
  const { there, absent } = standingOf(change, planned);
  if (change.action !== 'update' || membership === undefined || membership.replace !== undefined) return change;
  const stays = new Set([...there, ...absent]);
  const moves = (one: Reference) => {
    const found = planned.live?.applications.get(referenceKey(one));
    return found?.kind !== 'found' || !stays.has(found.value.id);
  };
  const { applications: _, ...rest } = change;
  const [add, remove] = [membership.add.filter(moves), membership.remove.filter(moves)];
  return add.length + remove.length === 0 ? rest : { ...rest, applications: { add, remove } };
}
