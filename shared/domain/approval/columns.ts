import { namesOf } from '../mapping/fields-read.ts';
import { parsePath } from '../mapping/table/field-path.ts';

/**
 * The column of a ticket to which a path leads, as its history names it: without entries of a list, and without what tells
 * the form of the value only. `record.approval` for `record.approval.display_value`, `issue.fields.customfield_1` for
 * `issue.fields.customfield_1[*].value`.
 */
export function columnOf(path: string): string {
  const parsed = parsePath(path);
  const names = parsed === undefined ? [] : namesOf(parsed);
  if (names[0] === 'issue' && names[1] === 'fields') return names.slice(0, 3).join('.');
  return (names.length > 2 && FORMS.has(names.at(-1)) ? names.slice(0, -1) : names).join('.');
}

const FORMS: ReadonlySet<string | undefined> = new Set(['value', 'display_value']);

/** True if both paths lead to one column. */
export const isSameColumn = (one: string, other: string) => columnOf(one) === columnOf(other);

/** True if an edit of `field` is of this column, or of what contains it. */
export const isEditOf = (field: string, column: string) => column === field || column.startsWith(`${field}.`);
