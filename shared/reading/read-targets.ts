import type { SegmentGroup } from '../domain/group/group.ts';
import type { ZpaWrite } from '../domain/records/intent.ts';
import type { Zpa } from '../ports/ports.ts';
import { readGroup, type Scope } from './read-group.ts';

/** Reads the group of a write by its pinned id; for a create by name, since there is no id yet. */
export async function readTargets(zpa: Zpa, write: ZpaWrite, scope: Scope): Promise<SegmentGroup[]> {
  if (write.kind === 'create') {
    const named = await zpa.findGroups(write.name, scope);
    const [only, second] = named;
    // A listing may omit fields, so a single match is read by its id.
    return only === undefined || second !== undefined ? named : [await zpa.getGroup(only.id, scope)];
  }
  const found = await readGroup(zpa, write.groupId, scope);
  return found.kind === 'found' ? [found.value] : [];
}
