import { type ChangeRequest, membershipOf, type Reference } from '../change/change.ts';
import type { Effect } from './outcome.ts';

/**
 * Names of applications that joined or left: as they were read, and as far as the request itself tells of those that were
 * cut. Where one name and one id are left after everything asked by id is taken off, they belong together; more would be a
 * guess.
 */
export function knownNames(change: ChangeRequest, effect: Effect): ReadonlyMap<string, string> {
  const told = [...pair(joining(change), effect.added), ...pair(leaving(change), effect.removed)];
  return new Map([...told, ...Object.entries(effect.names ?? {})]);
}

function joining(change: ChangeRequest): readonly Reference[] {
  if (change.action === 'create') return change.applications;
  if (change.action === 'delete') return [];
  const membership = membershipOf(change);
  return membership?.replace ?? membership?.add ?? [];
}

function leaving(change: ChangeRequest): readonly Reference[] {
  return change.action === 'update' ? (membershipOf(change)?.remove ?? []) : [];
}

function pair(references: readonly Reference[], ids: readonly string[]): [string, string][] {
  // A list that was cut says so in its last place: what is left of it proves nothing.
  if (ids.some((id) => id.startsWith('('))) return [];
  const asked = new Set(references.flatMap((one) => ('id' in one ? [one.id] : [])));
  const names = references.flatMap((one) => ('name' in one ? [one.name] : []));
  const unnamed = ids.filter((id) => !asked.has(id));
  const [name, id] = [names[0], unnamed[0]];
  return names.length === 1 && unnamed.length === 1 && name !== undefined && id !== undefined ? [[id, name]] : [];
}
