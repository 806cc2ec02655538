import { type ChangeRequest, referenceKey } from '../change/change.ts';
import { applicationReferences, applicationsNamed, groupsNamed } from '../group/live-view.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import { type DesiredGroup, knownName } from '../records/desired-group.ts';

/** A change as far as its objects can be compared with those of another change. */
export type Touching = Pick<ChangeRecord, 'ref' | 'change'>;

/**
 * True if both changes name the same group, name of a group, or application. The same name in another tenant or
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

/** The newer change that makes a change stale: it touched `what`, which the stale change touches too. */
export type Staleness = { by: string; sequence: number; what: string };

/** True if a desired group of which only the id is known may say that the change is stale. */
export function mayMakeStale({ change }: Pick<ChangeRecord, 'change'>, groupId: string): boolean {
  const isNamed = groupsNamed(change).some((group) => !('id' in group) || group.id === groupId);
  return isNamed || applicationIds(change).length > 0;
}

/**
 * The newest change that touched the same group or application, according to the desired state. `microtenantId` is the
 * change's own. Applications referenced by name are compared by their group only, because the desired state has ids.
 */
export function stalenessOf(
  record: ChangeRecord,
  microtenantId: string,
  desired: readonly DesiredGroup[],
): Staleness | undefined {
  const groups = new Set(groupsNamed(record.change).map(referenceKey));
  const applications = applicationIds(record.change);
  const found: Staleness[] = [];
  for (const group of desired) {
    const named =
      groups.has(`id:${group.groupId}`) ||
      (group.microtenantId === microtenantId && namesOf(group).some((name) => groups.has(referenceKey({ name }))));
    const by = group.last.key;
    if (named && group.last.sequence > record.sequence) {
      found.push({ by, sequence: group.last.sequence, what: wordsOf(group) });
    }
    for (const id of applications) {
      const sequence = group.members[id]?.[1] ?? 0;
      if (sequence > record.sequence) {
        const author = sequence === group.last.sequence ? by : `sequence ${sequence}`;
        found.push({ by: author, sequence, what: `application segment ${id}` });
      }
    }
  }
  return found.toSorted((a, b) => b.sequence - a.sequence)[0];
}

/** People recognise a group by its name. */
function wordsOf(group: DesiredGroup): string {
  const name = knownName(group);
  return name === undefined ? `segment group ${group.groupId}` : `segment group "${name}" (${group.groupId})`;
}

const namesOf = ({ name, seenName }: DesiredGroup) =>
  [name, seenName].flatMap((one) => (one === undefined ? [] : [one.value]));

function applicationIds(change: ChangeRequest): string[] {
  return applicationsNamed(change).flatMap((reference) => ('id' in reference ? [reference.id] : []));
}
