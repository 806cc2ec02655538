import { PRESETS } from './presets/presets.ts';
import { type FieldPath, parsePath } from './table/field-path.ts';
import type { MappingRow, MappingTable, TableMapping, Transform } from './table/table-schema.ts';
import { type Target, TICKET_TARGETS } from './table/targets.ts';

/** A field path in the configuration's text and parsed. */
export type NamedPath = { text: string; path: FieldPath };
export type ResolvedRow = Omit<MappingRow, 'from' | 'to'> & { name: string; to: Target; from: readonly NamedPath[] };
export type ResolvedTable = {
  each: { from: readonly NamedPath[]; transform: readonly Transform[] } | undefined;
  onReject: 'stop' | 'continue';
  rows: readonly ResolvedRow[];
};

/** The reason why a mapping cannot be used, with the path in the configuration. */
export type TableFault = { path: string[]; message: string };

/**
 * Merges the configuration's table into the preset's, row by row and in a row field by field. Returns the complete
 * table, or every fault.
 */
export function resolvePreset(mapping: TableMapping): ResolvedTable | { faults: TableFault[] } {
  const preset: MappingTable = mapping.preset === undefined ? {} : PRESETS[mapping.preset];
  const each = mapping.each === undefined ? preset.each : mapping.each;
  const rows = mergeRows(preset.rows ?? {}, mapping.rows ?? {});
  const complete = rows.map(([name, row]) => completeRow(name, row));
  const faults = [...complete.flatMap((one) => ('fault' in one ? [one.fault] : [])), ...missingTargets(rows)];
  if (faults.length > 0) return { faults };
  return {
    each: each == null ? undefined : { from: namedPaths(each.from), transform: each.transform ?? [] },
    onReject: mapping.onReject ?? preset.onReject ?? 'continue',
    rows: complete.flatMap((one) => ('row' in one ? [one.row] : [])),
  };
}

type Rows = Record<string, MappingRow | null>;

function mergeRows(preset: Rows, configured: Rows): [string, MappingRow][] {
  const names = new Set([...Object.keys(preset), ...Object.keys(configured)]);
  return [...names].flatMap((name): [string, MappingRow][] => {
    const base = entry(preset, name);
    const over = entry(configured, name);
    if (over === null || (over === undefined && base == null)) return [];
    return [[name, mergeRow(base ?? {}, over ?? {})]];
  });
}

function entry(rows: Rows, name: string): MappingRow | null | undefined {
  return Object.hasOwn(rows, name) ? rows[name] : undefined;
}

/**
 * A row that overrides `from` with `value` reads no field any more, and one that overrides `value` with `from` states
 * no value.
 */
function mergeRow(base: MappingRow, over: MappingRow): MappingRow {
  const { from, value, ...rest } = base;
  if (over.value !== undefined || over.from !== undefined) return { ...rest, ...over };
  return { ...base, ...over };
}

function completeRow(name: string, row: MappingRow): { row: ResolvedRow } | { fault: TableFault } {
  const { from, to, ...rest } = row;
  const fault = (message: string) => ({ fault: { path: ['rows', name], message } });
  if (to === undefined) return fault('needs "to": what the row fills in');
  if ((from === undefined) === (row.value === undefined)) {
    return fault('needs exactly one of "from", a field path, and "value"');
  }
  const paths = namedPaths(from ?? []);
  if (TICKET_TARGETS.has(to) && paths.some(({ path }) => path.from === 'line')) {
    return fault(`reads a line, but "${to}" belongs to the ticket as a whole`);
  }
  return { row: { ...rest, name, to, from: paths } };
}

function missingTargets(rows: readonly [string, MappingRow][]): TableFault[] {
  const hasChange = rows.some(([, row]) => row.to === 'change');
  const needed: Target[] = hasChange ? ['ticket'] : ['ticket', 'tenant', 'action', 'group'];
  return needed
    .filter((target) => !rows.some(([, row]) => row.to === target))
    .map((target) => ({ path: ['rows'], message: `needs a row to "${target}"${target === 'tenant' ? TENANT : ''}` }));
}

const TENANT = ', for example "tenant": {"value": "acme-prod", "to": "tenant"}';

/** Parses the paths; the schema has checked them, so one that does not parse is skipped. */
function namedPaths(from: string | readonly string[]): NamedPath[] {
  return [from].flat().flatMap((text) => {
    const path = parsePath(text);
    return path === undefined ? [] : [{ text, path }];
  });
}
