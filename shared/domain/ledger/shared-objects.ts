import { type ChangeRequest, referenceKey } from '../change/change.ts';
import { applicationReferences, groupsNamed } from '../group/live-view.ts';
import type { ChangeRecord } from '../records/change-record.ts';

/** A change as far as its objects can be compared with those of another change. */
export type Touching = Pick<ChangeRecord, 'ref' | 'change'>;

/**
 * Whether both changes name the same group, name of a group, or application. The same name in another tenant or
 * microtenant is another object. A name and an id are never found to be the same object, because the ledger does not
 * resolve names.
 */
export function shareObjects(one: Touching, other: Touching): boolean {
  const sameScope = one.ref.tenant === other.ref.tenant && one.change.microtenant === other.change.microtenant;
  if (!sameScope) return false;
  const objects = new Set(objectsOf(one.change));
  return objectsOf(other.change).some((object) => objects.has(object));
}

function objectsOf(change: ChangeRequest): string[] {
  const groups = groupsNamed(change).map((one) => `group ${referenceKey(one)}`);
  const applications = applicationReferences(change).map((one) => `application ${referenceKey(one)}`);
  return [...groups, ...applications];
}
