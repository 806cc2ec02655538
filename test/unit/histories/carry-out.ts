import { sortedIds } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { ZpaWrite } from '../../../shared/domain/records/intent.ts';
import { OUR_CLIENT } from './small-tenant.ts';

/** The rules by which this ZPA carries out a write: an application is in one group at most, names are unique, groups in use stay. */

export class RefusedByZpa extends Error {
  readonly reason: 'not-found' | 'already-exists' | 'referenced';

  constructor(reason: RefusedByZpa['reason']) {
    super(reason);
    this.reason = reason;
  }
}

type Site = { groups: Map<string, SegmentGroup>; nextId: () => string; seconds: number; deaf: boolean };

/** `before`: what the caller of v1 takes the full list from. Answers the group's id. */
export function carryOut(site: Site, write: ZpaWrite, before: SegmentGroup | null): string {
  const { groups, seconds } = site;
  if (write.kind === 'create') {
    refuseTaken(groups, write.name, undefined);
    const id = site.nextId();
    const { kind: _kind, ...content } = write;
    const stamp = { modifiedBy: OUR_CLIENT, modifiedTime: seconds, creationTime: seconds };
    takeOver(groups, id, content.applicationIds);
    groups.set(id, { id, ...content, readOnly: false, ...stamp });
    return id;
  }
  const group = groups.get(write.groupId);
  if (group === undefined) throw new RefusedByZpa('not-found');
  if (write.kind === 'delete') {
    if (group.applicationIds.length > 0) throw new RefusedByZpa('referenced');
    groups.delete(group.id);
    return group.id;
  }
  refuseTaken(groups, write.fields.name, group.id);
  const gone = new Set(write.deletedApps);
  const base = write.via === 'v1' && before !== null ? before.applicationIds : group.applicationIds;
  const deaf = site.deaf && write.via === 'v2';
  const members = sortedIds([...base.filter((id) => !gone.has(id)), ...write.addedApps]);
  const applicationIds = deaf ? group.applicationIds : members;
  takeOver(groups, group.id, applicationIds);
  groups.set(group.id, { ...group, ...write.fields, applicationIds, modifiedBy: OUR_CLIENT, modifiedTime: seconds });
  return group.id;
}

function refuseTaken(groups: Site['groups'], name: string, own: string | undefined): void {
  for (const group of groups.values()) {
    if (group.name === name && group.id !== own) throw new RefusedByZpa('already-exists');
  }
}

/** An application that joins one group leaves its former one. */
export function takeOver(groups: Site['groups'], own: string, applications: readonly string[]): void {
  for (const group of groups.values()) {
    if (group.id === own || !group.applicationIds.some((id) => applications.includes(id))) continue;
    const left = group.applicationIds.filter((id) => !applications.includes(id));
    groups.set(group.id, { ...group, applicationIds: left });
  }
}
