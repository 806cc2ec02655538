/**
 * The path of a value in a ticket system's JSON: `issue.fields.customfield_10051[*].value`, `variables.zpa_group`,
 * `tasks[0].number`, `["a field with spaces"]`. A path that begins with `$line` starts at the ticket's current line
 * (one entry of the table's `each`); every other path starts at the payload.
 */
export type PathPart = { kind: 'name'; name: string } | { kind: 'index'; index: number } | { kind: 'every' };
export type FieldPath = { from: 'payload' | 'line'; parts: readonly PathPart[] };

const PART = /(?:^|\.)([^.[\]"\s$][^.[\]"]*)|\[(\d{1,4})\]|\[(\*)\]|\["([^"\]]{1,200})"\]/y;

/** Parses a path; undefined: the text is not a path. */
export function parsePath(text: string): FieldPath | undefined {
  if (text.startsWith('.')) return undefined;
  const root = /^\$(line|payload)(?=$|[.[])/.exec(text);
  const parts: PathPart[] = [];
  // After `$line` a name follows its dot; the pattern allows a name without one at the very beginning only.
  PART.lastIndex = root?.[0].length ?? 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    if (match === null) return undefined;
    const [, name, index, every, quoted] = match;
    if (every !== undefined) parts.push({ kind: 'every' });
    else if (index !== undefined) parts.push({ kind: 'index', index: Number(index) });
    else parts.push({ kind: 'name', name: name ?? quoted ?? '' });
  }
  if (root === null && parts.length === 0) return undefined;
  return { from: root?.[1] === 'line' ? 'line' : 'payload', parts };
}

/**
 * The value at a path; undefined where there is none. It reads own fields only, so it never reaches a payload's
 * prototype. A field may also have a dotted name in one object, as ServiceNow's Table API returns dot-walked fields
 * (`"variables.zpa_group": …`). `[*]` collects from every entry of a list and skips entries without a value.
 */
export const readPath = (value: unknown, parts: readonly PathPart[]) => walk(value, parts, fieldValue);

/** Goes along a path; `end` makes of the found field what is returned. */
function walk(value: unknown, parts: readonly PathPart[], end: (found: unknown) => unknown): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) return end(value);
  if (part.kind === 'every') {
    if (!Array.isArray(value)) return undefined;
    return value.map((one: unknown) => walk(one, rest, end)).filter((one) => one !== undefined && one !== null);
  }
  if (part.kind === 'index') return Array.isArray(value) ? walk(value[part.index], rest, end) : undefined;
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, part.name)) return walk(value[part.name], rest, end);
  const [next, ...after] = rest;
  if (next?.kind !== 'name') return undefined;
  return walk(value, [{ kind: 'name', name: `${part.name}.${next.name}` }, ...after], end);
}

/**
 * True if the choice at a path, or the one whose `value` the path names, has a further choice below it, as a cascading
 * select of Jira has: `{value, child: {value}}`.
 */
export function hasChoiceBelow(value: unknown, parts: readonly PathPart[]): boolean {
  const last = parts.at(-1);
  const choice = last?.kind === 'name' && last.name === 'value' ? parts.slice(0, -1) : parts;
  const found = walk(value, choice, (one) => one);
  return [found].flat(2).some((one) => isRecord(one) && Object.hasOwn(one, 'value') && isRecord(one.child));
}

/** The value at a path in its text form; undefined where there is none, or the text is not a path. */
export function readField(value: unknown, text: string): unknown {
  const path = parsePath(text);
  return path === undefined ? undefined : readPath(value, path.parts);
}

/**
 * The value inside a field's object: ServiceNow returns a field as `{value, display_value}` (Table API,
 * `sysparm_display_value=all`), Jira a choice as `{self, value, id}`. `value` is the choice itself, in ServiceNow the
 * stored one: a date in UTC, not in the zone of the viewer (support.servicenow.com, KB0534905, "Table API FAQs").
 */
function fieldValue(found: unknown): unknown {
  return Array.isArray(found) ? found.map(entryValue) : entryValue(found);
}

const entryValue = (one: unknown) => (isRecord(one) && Object.hasOwn(one, 'value') ? one.value : one);

/** A JSON object: no array, not null. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** True if a field is not filled in: absent, null, an empty list, or text of spaces alone. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}
