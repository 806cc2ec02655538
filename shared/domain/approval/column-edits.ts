import { parsePath, readField } from '../mapping/table/field-path.ts';
import type { FieldChange } from './approval.ts';
import type { Condition } from './approval-schema.ts';
import { columnOf, isEditOf } from './columns.ts';
import { fulfils, holds } from './judge-ticket.ts';

/** The history of one condition: the edits of its column, and whether it held before and after each. */
export type ColumnEdits = {
  condition: Condition;
  /** True if the edit is of the column, or of what contains it. */
  has(edit: FieldChange): boolean;
  mayHoldBefore(edit: FieldChange): boolean;
  /** The condition may have held before the edit, and is not certain to hold after it. */
  leaves(edit: FieldChange): boolean;
  enters(edit: FieldChange): boolean;
  /**
   * The edit gave the column a value that fulfils the condition, or one that is not told, or that nobody can compare
   * with it.
   */
  mayWithdraw(edit: FieldChange): boolean;
};

/**
 * Reads the edits of a condition's column. A value that is not told may be any. So may every value of a column whose history
 * does not speak in the gate's words, as ServiceNow's audit, which tells stored values only, and `1` of a tick box that is
 * `true` in the record.
 */
export function columnEdits(condition: Condition, payload: unknown, edits: readonly FieldChange[]): ColumnEdits {
  const column = columnOf(condition.field);
  const isComparable = isOneForm(condition, payload) && agrees(condition, payload, edits, column);
  const isOwn = ({ field }: FieldChange) => field === column;
  const told = (edit: FieldChange, value: FieldChange['from']) => (isComparable && isOwn(edit) ? value : undefined);
  const isTold = (value: FieldChange['from']) => value !== undefined && fulfils(value, condition);
  const mayHold = (value: FieldChange['from']) => value === undefined || fulfils(value, condition);
  const has = ({ field }: FieldChange) => isEditOf(field, column);
  return {
    condition,
    has,
    mayHoldBefore: (edit) => mayHold(told(edit, edit.from)),
    leaves: (edit) => has(edit) && mayHold(told(edit, edit.from)) && !isTold(told(edit, edit.to)),
    enters: (edit) => has(edit) && mayHold(told(edit, edit.to)) && !isTold(told(edit, edit.from)),
    mayWithdraw: (edit) => has(edit) && mayHold(told(edit, edit.to)),
  };
}

/** A history tells no texts of `display_value`, and the entries of a list as one text. */
function isOneForm({ field }: Condition, payload: unknown): boolean {
  const parts = parsePath(field)?.parts ?? [];
  const last = parts.at(-1);
  if (last?.kind === 'name' && last.name === 'display_value') return false;
  return parts.every(({ kind }) => kind === 'name') && !Array.isArray(readField(payload, field));
}

/** True if the latest value that is told says of the condition what the ticket says. Edits of one second have no order. */
function agrees(condition: Condition, payload: unknown, edits: readonly FieldChange[], column: string): boolean {
  const own = edits.filter(({ field, to }) => field === column && to !== undefined);
  const latest = own.filter(({ at }) => at === own.at(-1)?.at);
  const now = holds(condition, payload);
  return latest.length === 0 || latest.some(({ to = [] }) => fulfils(to, condition) === now);
}
