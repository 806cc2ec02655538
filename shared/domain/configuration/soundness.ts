import type { z } from 'zod';

/** A rule over several fields runs beside other faults, so that a person sees all of them at once. */
export const BESIDE_OTHERS = { when: () => true };

/**
 * Returns whether each of these fields is as the schema wants it, since a rule may read such a field only. A field too
 * many harms no other.
 */
export function soundness(issues: readonly z.core.$ZodRawIssue[]) {
  const faulty = issues.flatMap(({ code, path = [] }) => (code === 'unrecognized_keys' ? [] : [path.map(String)]));
  const overlap = (one: readonly string[], other: readonly string[]) =>
    one.slice(0, other.length).every((part, index) => part === other[index]);
  return (at: readonly string[], ...fields: string[]) =>
    fields.every((field) => !faulty.some((path) => overlap(path, [...at, field])));
}

/** The entries of a record or a list, which may be something else where a fault was found. */
export function entriesOf<Entry>(holder: Record<string, Entry> | Entry[] | undefined): [name: string, entry: Entry][] {
  return typeof holder === 'object' && holder !== null ? Object.entries(holder) : [];
}
