import { withoutNames } from '../domain/decide/group-content.ts';
import type { SegmentGroup } from '../domain/group/group.ts';
import type { Found } from '../domain/group/live-view.ts';
import type { Zpa } from '../ports/ports.ts';
import { missingIfNotFound } from './resolve-names.ts';

/** Of reads: the microtenant that they are for, and the end of their time. */
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

/** Reads the group that a name or an id led to. */
export async function readFound(
  zpa: Zpa,
  found: Found<string>,
  scope: Scope,
  memberNames: Map<string, string>,
): Promise<Found<SegmentGroup>> {
  return found.kind === 'found' ? readGroup(zpa, found.value, scope, memberNames) : found;
}

/** Reads the groups with these ids that exist. */
export async function readExisting(
  zpa: Zpa,
  ids: readonly string[],
  scope: Scope,
  memberNames: Map<string, string>,
): Promise<Map<string, SegmentGroup>> {
  const groups = new Map<string, SegmentGroup>();
  for (const id of ids) {
    const group = await readGroup(zpa, id, scope, memberNames);
    if (group.kind === 'found') groups.set(id, group.value);
  }
  return groups;
}
