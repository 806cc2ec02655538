import type { Mapping } from './mapping-schema.ts';
import { resolvePreset } from './resolve-preset.ts';
import { readPath } from './table/field-path.ts';

/**
 * Everybody whom a payload names in a field that the mapping reads the requester from. The mapping takes the first that is
 * filled in; the others, such as who opened the ticket, stand for the request too.
 */
export function requestersIn(mapping: Mapping, payload: unknown): string[] {
  const values = requesterPaths(mapping).flatMap(({ path }) => readPath(payload, path.parts));
  return values.flat().filter((value) => typeof value === 'string');
}

/** The fields that the mapping reads the requester from; none of an expression, which does not tell them. */
export function requesterPaths(mapping: Mapping) {
  if (mapping.jsonata !== undefined) return [];
  const table = resolvePreset(mapping);
  if ('faults' in table) return [];
  return table.rows.filter(({ to }) => to === 'requestedBy').flatMap(({ from }) => from);
}
