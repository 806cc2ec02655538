import type { Mapping } from './mapping-schema.ts';
import { resolvePreset } from './resolve-preset.ts';
import { type FieldPath, parsePath } from './table/field-path.ts';

/**
 * The payload's fields that a mapping reads, as paths without `[…]` and what follows it:
 * `issue.fields.customfield_10051`, `record.variables.zpa_group`. The list that a line (`$line`) is an entry of covers
 * the line's fields. `every`: the fields are not known, so every field counts (JSONata that does not state its fields;
 * this product's own JSON as a whole).
 */
export function fieldsRead(mapping: Mapping): readonly string[] | 'every' {
  const paths = pathsOf(mapping).filter((path) => path.from === 'payload');
  const fields = new Set(paths.map(fieldOf));
  return mapping.jsonata !== undefined && mapping.reads === undefined
    ? 'every'
    : fields.has('')
      ? 'every'
      : [...fields];
}

function pathsOf(mapping: Mapping): FieldPath[] {
  if (mapping.jsonata !== undefined) {
    return (mapping.reads ?? []).flatMap((text) => parsePath(text) ?? []);
  }
  const table = resolvePreset(mapping);
  if ('faults' in table) return [];
  return [...(table.each?.from ?? []), ...table.rows.flatMap((row) => row.from)].map(({ path }) => path);
}

const fieldOf = (path: FieldPath) => namesOf(path).join('.');

/** The names of a path before its first `[…]`. */
export function namesOf({ parts }: FieldPath): string[] {
  const end = parts.findIndex((part) => part.kind !== 'name');
  const names = end < 0 ? parts : parts.slice(0, end);
  return names.flatMap((part) => (part.kind === 'name' ? part.name.split('.') : []));
}

/**
 * True if an edit of `field` (a path, as `FieldChange.field`) may have changed a value that the mapping reads: the
 * mapping reads this field, one inside it, or one that contains it.
 */
export function readsField(mapping: Mapping, field: string): boolean {
  const fields = fieldsRead(mapping);
  return fields === 'every' || fields.some((read) => isWithin(read, field) || isWithin(field, read));
}

const isWithin = (inner: string, outer: string) =>
  inner === outer || (inner.startsWith(outer) && '.['.includes(inner.charAt(outer.length)));
