import type { ResolvedRow } from './resolve-preset.ts';
import { isRecord } from './table/field-path.ts';
import { isUnsetFlag, placeOf, toContractValue } from './table/targets.ts';

/** A row, the field it read, and the value; undefined: the field is not filled in. */
export type ReadRow = { row: ResolvedRow; path: string; value: unknown };

/** A change in the contract's shape, not yet parsed, and the rows that filled it in. */
export type MappedLine = {
  number: number;
  /** The line's path in the payload; '' for a ticket that is one change. */
  path: string;
  raw: Record<string, unknown>;
  /** Rows by the path of the contract that they filled in, or would have filled in. */
  rows: Map<string, ReadRow>;
  /** Rows whose target the action does not have. */
  misplaced: ReadRow[];
  /** Rows with another value than an earlier row to the same target. */
  contradicting: { row: ReadRow; earlier: ReadRow }[];
  /** The origin of a change supplied as a whole: a row to `change`, or an expression. */
  changeOrigin?: { row: string; path: string };
};

/**
 * Builds a change from the values that the rows read. Several rows may fill in one target with the same value; lists of
 * applications are joined. A row's value overrides that of a whole change (`change`).
 */
export function buildLine(number: number, path: string, read: readonly ReadRow[]): MappedLine {
  const whole = read.find(({ row }) => row.to === 'change');
  const base = isRecord(whole?.value) ? whole.value : {};
  const line: MappedLine = {
    number,
    path,
    raw: { schemaVersion: 1, ...base },
    rows: new Map(),
    misplaced: [],
    contradicting: [],
    ...(whole === undefined ? {} : { changeOrigin: { row: whole.row.name, path: whole.path } }),
  };
  const action = actionOf(read);
  const filled = new Map<string, { place: readonly string[]; value: unknown; by: ReadRow }>();
  for (const one of read) {
    if (one.row.to === 'change') continue;
    const place = placeOf(one.row.to, action);
    if (place === undefined) {
      if (one.value !== undefined && !isUnsetFlag(one.row.to, one.value)) line.misplaced.push(one);
      continue;
    }
    const key = place.join('.');
    if (line.rows.get(key)?.value === undefined) line.rows.set(key, one);
    if (one.value === undefined) continue;
    const value = toContractValue(one.row.to, one.value, one.row.as ?? 'name');
    const earlier = filled.get(key);
    if (earlier === undefined) filled.set(key, { place, value, by: one });
    else if (Array.isArray(earlier.value) && Array.isArray(value)) earlier.value = [...earlier.value, ...value];
    else if (!isSameValue(earlier.value, value)) {
      line.contradicting.push({ row: one, earlier: earlier.by });
    }
  }
  for (const { place, value } of filled.values()) line.raw = withValueAt(line.raw, place, value);
  return line;
}

/** The action that a row reads, or else that of the whole change. */
export function actionOf(read: readonly ReadRow[]): unknown {
  const stated = read.find(({ row, value }) => row.to === 'action' && value !== undefined)?.value;
  const whole = read.find(({ row }) => row.to === 'change')?.value;
  return stated ?? (isRecord(whole) ? whole.action : undefined);
}

/** Compares plain values and references; the contract refuses every other value anyway. */
function isSameValue(one: unknown, other: unknown): boolean {
  if (!isRecord(one) || !isRecord(other)) return Object.is(one, other);
  return Object.is(one.id, other.id) && Object.is(one.name, other.name);
}

/**
 * Returns a copy with the value at that place, so that the payload's own objects are never written to. The place
 * comes from `placeOf`, not from the payload.
 */
function withValueAt(raw: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown) {
  if (rest.length === 0) return { ...raw, [first]: value };
  const inner = raw[first];
  const changed: Record<string, unknown> = withValueAt(isRecord(inner) ? inner : {}, rest, value);
  return { ...raw, [first]: changed };
}
