import { createHash } from 'node:crypto';
import type { ChangeRequest } from './change.ts';

/**
 * The canonical form of a change as JSON text: defaults filled in, text in Unicode's composed form (NFC), keys sorted,
 * lists of applications sorted and without duplicates, parts without effect left out. The ticket is left out, because
 * it identifies the requester and not the request. Two changes with the same canonical form request the same.
 */
export function canonicalChange(change: ChangeRequest): string {
  const { ticket: _, ...request } = change;
  return JSON.stringify(canonical({ ...request, ...FORMER_DEFAULTS }, []) ?? {});
}

/** Fields that the contract had: a change accepted while it had them keeps its fingerprint. */
const FORMER_DEFAULTS = { dryRun: false };

/** SHA-256 of the canonical form, 64 hex characters. */
export function fingerprint(change: ChangeRequest): string {
  return createHash('sha256').update(canonicalChange(change)).digest('hex');
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A value's canonical form; undefined where the value has no effect. */
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
    const form = canonical(part, [...path, key]);
    if (form !== undefined) entries.push([key, form]);
  }
  if (entries.length === 0 && path.length > 0) return undefined;
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Lists that state a complete membership: they say something where they are empty. */
const COMPLETE_LISTS: readonly (string | undefined)[] = ['replace', 'exactly'];

/** All lists of the contract (the ticket's apart) are sets of references. Most have no effect where they are empty. */
function canonicalList(list: readonly unknown[], path: readonly string[]): Json | undefined {
  if (list.length === 0 && !COMPLETE_LISTS.includes(path.at(-1))) return undefined;
  const items = list.map((item) => canonical(item, [...path, '[]']) ?? null);
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
