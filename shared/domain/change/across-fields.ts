import type { z } from 'zod';

/** What one rule over several fields found, with the path from the value that it judged. */
export type FieldsFault = { path: PropertyKey[]; message: string };

/** True if these fields of the object at the path are as the schema wants them. */
export type IsSound = (at: readonly string[], ...fields: string[]) => boolean;
/** True if the record at the path has an entry whose name is refused, so that it is not in the value. */
export type HasLostEntry = (at: readonly string[]) => boolean;

/** Marks the faults of such rules, which make no field unreadable for others. */
const ACROSS_FIELDS = { acrossFields: true };

/**
 * Adds a rule over several fields to a schema. It runs beside other faults, so that a person sees all of them at once, and
 * so it reads only what `isSound` says is as its type says.
 */
export function acrossFields<Schema extends z.ZodType>(
  schema: Schema,
  judge: (value: z.output<Schema>, isSound: IsSound, hasLostEntry: HasLostEntry) => readonly FieldsFault[],
): Schema {
  const rule = (value: z.output<Schema>, { issues }: z.core.$RefinementCtx) => {
    if (typeof value !== 'object' || value === null) return;
    const given = [...issues];
    const faults = judge(value, soundness(given), lostEntries(given));
    const said = { code: 'custom', input: value, params: ACROSS_FIELDS, continue: true } as const;
    issues.push(...faults.map((fault) => ({ ...said, ...fault })));
  };
  return schema.superRefine(rule, { when: () => true });
}

/** A field too many harms no other. */
function soundness(issues: readonly z.core.$ZodRawIssue[]): IsSound {
  const faulty = issues.flatMap((issue) => {
    const isHarmless = issue.code === 'unrecognized_keys' || issue.params === ACROSS_FIELDS;
    return isHarmless ? [] : [(issue.path ?? []).map(String)];
  });
  const overlap = (one: readonly string[], other: readonly string[]) =>
    one.slice(0, other.length).every((part, index) => part === other[index]);
  return (at, ...fields) => fields.every((field) => !faulty.some((path) => overlap(path, [...at, field])));
}

function lostEntries(issues: readonly z.core.$ZodRawIssue[]): HasLostEntry {
  const holders = issues.flatMap(({ code, path = [] }) =>
    code === 'invalid_key' ? [path.slice(0, -1).join('.')] : [],
  );
  return (at) => holders.includes(at.join('.'));
}

/** The entries of a record or a list, which may be something else where a fault was found. */
export function entriesOf<Entry>(holder: Record<string, Entry> | Entry[] | undefined): [name: string, entry: Entry][] {
  return typeof holder === 'object' && holder !== null ? Object.entries(holder) : [];
}
