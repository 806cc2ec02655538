import { withoutNames } from '../domain/decide/group-content.ts';
import type { SegmentGroup } from '../domain/group/group.ts';
import type { Found } from '../domain/group/live-view.ts';
import type { ZpaWrite } from '../domain/records/intent.ts';
import type { Zpa } from '../ports/ports.ts';
import { missingIfNotFound } from './resolve-names.ts';

/** Reads of groups that a write is decided on or judged by. */
export type Scope = { microtenantId: string; signal: AbortSignal };

/** The one read that a write is decided on. Adds the names of the group's members to `memberNames`. */
export async function readGroup(
  zpa: Zpa,
  id: string,
  scope: Scope,
  memberNames: Map<string, string> = new Map(),
): Promise<Found<SegmentGroup>> {
  const found = await missingIfNotFound(zpa.getGroup(id, scope));
  if (found.kind !== 'found') return found;
  for (const [member, { name }] of found.value.members ?? []) if (name !== undefined) memberNames.set(member, name);
  return { kind: 'found', value: withoutNames(found.value) };
}

/** Reads a group that was found, by its id. */
export async function readFound(
  zpa: Zpa,
  found: Found<string>,
  scope: Scope,
  memberNames: Map<string, string>,
): Promise<Found<SegmentGroup>> {
  return found.kind === 'found' ? readGroup(zpa, found.value, scope, memberNames) : found;
}

/** Reads these groups; those that are gone are left out. */
export async function readSources(
  zpa: Zpa,
  ids: readonly string[],
  scope: Scope,
  memberNames: Map<string, string>,
): Promise<Map<string, SegmentGroup>> {
  const sources = new Map<string, SegmentGroup>();
  for (const id of ids) {
    const source = await readGroup(zpa, id, scope, memberNames);
    if (source.kind === 'found') sources.set(id, source.value);
  }
  return sources;
}

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
