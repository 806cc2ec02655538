import { type ChangeRequest, membershipOf, type Reference } from '../change/change.ts';
import type { Effect } from './outcome.ts';

/**
 * Names of applications that joined or left: the stored ones, and those that follow from the request. If one name and
 * one id remain once every application requested by id is excluded, they belong together; with more, a pairing would be
 * a guess.
 */
export function knownNames(change: ChangeRequest, effect: Effect): ReadonlyMap<string, string> {
  const paired = [...pair(joining(change), effect.added), ...pair(leaving(change), effect.removed)];
  return new Map([...paired, ...Object.entries(effect.names ?? {})]);
}

function joining(change: ChangeRequest): readonly Reference[] {
  if (change.action === 'create') return change.applications;
  if (change.action !== 'update') return [];
  const membership = membershipOf(change);
  return membership?.replace ?? membership?.add ?? [];
}

function leaving(change: ChangeRequest): readonly Reference[] {
  return change.action === 'update' ? (membershipOf(change)?.remove ?? []) : [];
}

function pair(references: readonly Reference[], ids: readonly string[]): [string, string][] {
  // A shortened list ends with a count in parentheses; its rest does not show which ids are unnamed.
  if (ids.some((id) => id.startsWith('('))) return [];
  const byId = new Set(references.flatMap((one) => ('id' in one ? [one.id] : [])));
  const names = references.flatMap((one) => ('name' in one ? [one.name] : []));
  const unnamed = ids.filter((id) => !byId.has(id));
  const [name, id] = [names[0], unnamed[0]];
  return names.length === 1 && unnamed.length === 1 && name !== undefined && id !== undefined ? [[id, name]] : [];
}
