import { isDeepStrictEqual } from 'node:util';
import { lookup } from '../domain/configuration/lookup.ts';

/** One difference: `before` is undefined for what was added, `after` for what was removed. */
export type SettingsDifference = { path: string; before?: unknown; after?: unknown };

/**
 * Finds what differs between two settings, or two values in them. Objects are compared field by field, lists as a whole;
 * a field without a value counts as absent.
 */
export function compareSettings(before: unknown, after: unknown, path: readonly string[] = []): SettingsDifference[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => compareSettings(lookup(before, name), lookup(after, name), [...path, name]));
  }
  if (isDeepStrictEqual(before, after)) return [];
  const one = { path: path.join('.') };
  return [{ ...one, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
