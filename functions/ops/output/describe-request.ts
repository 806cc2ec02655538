import {
  type AcceptRequest,
  type ChangeRequest,
  membershipOf,
  type Reference,
} from '../../../shared/domain/change/change.ts';
import { mayUpdate } from '../../../shared/domain/change/if-exists.ts';
import { acceptedMembers, stateOf } from '../../../shared/domain/change/stated-members.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';

/** The id or name by which a change refers to an object. */
export const nameOf = (reference: Reference) => ('id' in reference ? reference.id : reference.name);

/**
 * Describes a requested change in one line: `update "Web Apps": name, +2 −1 application segments`. `name`: of the group, where
 * the change has its id alone and ZPA showed the name.
 */
export function describeRequest(change: ChangeRequest, name?: string): string {
  const parts: string[] = [];
  if (change.action === 'create' && change.applications.length > 0)
    parts.push(formatCount(change.applications.length, 'application segment'));
  if (change.action === 'update') {
    parts.push(...Object.keys(change.set ?? {}));
    const membership = membershipOf(change);
    if (membership !== undefined) parts.push(describeMembership(membership));
  }
  if (change.action === 'accept') parts.push(...describeAccepted(change));
  const group = name === undefined && 'id' in change.group ? change.group.id : `"${name ?? nameOf(change.group)}"`;
  const details = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return `${mayUpdate(change) ? 'create or update' : change.action} ${group}${details}`;
}

/** Describes the request of a record, with the name that its group had when the change ended. */
export function describeRecord({ change, outcome }: Pick<ChangeRecord, 'change' | 'outcome'>): string {
  const effect = outcome !== undefined && 'effect' in outcome ? outcome.effect : undefined;
  return describeRequest(change, 'id' in change.group ? (effect?.before ?? effect?.after)?.name : undefined);
}

/** Describes what an accept states: `absent`, or `name, exactly 3 application segments`. */
function describeAccepted(change: AcceptRequest): string[] {
  const { applications: _, ...fields } = stateOf(change) ?? { absent: true };
  const { has, hasNot, exactly } = acceptedMembers(change);
  return [
    ...Object.keys(fields),
    ...(exactly === undefined ? [] : [`exactly ${formatCount(exactly.length, 'application segment')}`]),
    ...(has.length === 0 ? [] : [`with ${formatCount(has.length, 'application segment')}`]),
    ...(hasNot.length === 0 ? [] : [`without ${formatCount(hasNot.length, 'application segment')}`]),
  ];
}

/** Describes a change of membership: `+2 −1 application segments`, `exactly 3 application segments`. */
function describeMembership({ add, remove, replace }: NonNullable<ReturnType<typeof membershipOf>>): string {
  if (replace !== undefined) return `exactly ${formatCount(replace.length, 'application segment')}`;
  const signs = [...(add.length > 0 ? [`+${add.length}`] : []), ...(remove.length > 0 ? [`−${remove.length}`] : [])];
  return `${signs.join(' ')} ${add.length + remove.length === 1 ? 'application segment' : 'application segments'}`;
}
