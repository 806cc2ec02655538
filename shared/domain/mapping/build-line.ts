import type { ResolvedRow } from './resolve-preset.ts';
import { isRecord } from './table/field-path.ts';
import { isUnsetFlag, placeOf, toContractValue } from './table/targets.ts';

/** A row, where it found its value, and the value; undefined: nothing is filled in. */
export type ReadRow = { row: ResolvedRow; path: string; value: unknown };

/** A change as the contract has it, not yet parsed, and which row filled in what. */
export type MappedLine = {
  number: number;
  /** Where the line stands in the payload; '' for a ticket that is one change. */
  path: string;
  raw: Record<string, unknown>;
  /** Rows by the contract's path that they filled in, or would have. */
  rows: Map<string, ReadRow>;
  /** Rows whose value the action has no place for. */
  misplaced: ReadRow[];
  /** Rows that say something else than an earlier row to the same target. */
  contradicting: { row: ReadRow; earlier: ReadRow }[];
  /** What brought the change as a whole, if anything did: a row to `change`, or an expression. */
  changeOrigin?: { row: string; path: string };
};

/**
 * Puts what the rows read into a change. Several rows may fill in one target if they say the same; lists of applications
 * are put together. What a row says stands over what a whole change (`change`) says.
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
    else if (!saysTheSame(earlier.value, value)) {
      line.contradicting.push({ row: one, earlier: earlier.by });
    }
  }
  for (const { place, value } of filled.values()) line.raw = placed(line.raw, place, value);
  return line;
}

/** What a row says, or else the whole change. */
export function actionOf(read: readonly ReadRow[]): unknown {
  const said = read.find(({ row, value }) => row.to === 'action' && value !== undefined)?.value;
  const whole = read.find(({ row }) => row.to === 'change')?.value;
  return said ?? (isRecord(whole) ? whole.action : undefined);
}

/** Of plain values and references; anything else is refused by the contract whatever it is compared with. */
function saysTheSame(one: unknown, other: unknown): boolean {
  if (!isRecord(one) || !isRecord(other)) return Object.is(one, other);
  return Object.is(one.id, other.id) && Object.is(one.name, other.name);
}

/** A copy with the value in its place: what came from the payload is not written to. Places are ours. */
function placed(raw: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown) {
  if (rest.length === 0) return { ...raw, [first]: value };
  const inner = raw[first];
  const changed: Record<string, unknown> = placed(isRecord(inner) ? inner : {}, rest, value);
  return { ...raw, [first]: changed };
}
