import { createHash } from 'node:crypto';
import type { ChangeRequest } from './change.ts';

/**
 * The one way to write a change down: defaults filled in, text in Unicode's composed form (NFC), keys sorted, lists of
 * applications sorted and without duplicates, parts that ask for nothing left out, the ticket left out (it says who
 * asked, not what for). Two changes with one canonical form ask for the same.
 */
export function canonicalChange(change: ChangeRequest): string {
  const { ticket: _, ...asked } = change;
  return JSON.stringify(canonical(asked, []) ?? {});
}

/** SHA-256 of the canonical form, 64 hex characters. */
export function fingerprint(change: ChangeRequest): string {
  return createHash('sha256').update(canonicalChange(change)).digest('hex');
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A value's canonical form; undefined where it asks for nothing. */
function canonical(value: unknown, path: readonly string[]): Json | undefined {
  if (typeof value === 'string') return value.normalize('NFC');
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return canonicalList(value, path);
  if (typeof value === 'object') return canonicalObject(value, path);
  return undefined;
}

function canonicalObject(value: object, path: readonly string[]): Json | undefined {
  const entries: [string, Json][] = [];
  for (const [key, part] of Object.entries(value)) {
    const said = canonical(part, [...path, key]);
    if (said !== undefined) entries.push([key, said]);
  }
  if (entries.length === 0 && path.length > 0) return undefined;
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * All lists of the contract (the ticket's apart) are sets of references. An empty one asks for nothing, except
 * `replace`, which then empties the group.
 */
function canonicalList(list: readonly unknown[], path: readonly string[]): Json | undefined {
  if (list.length === 0 && path.at(-1) !== 'replace') return undefined;
  const items = list.map((item) => canonical(item, [...path, '[]']) ?? null);
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
