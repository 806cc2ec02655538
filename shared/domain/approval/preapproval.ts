import type { Approval, FieldChange } from './approval.ts';
import type { Gate } from './approval-schema.ts';
import { columnOf, isEditOf } from './columns.ts';
import { allHold } from './judge-ticket.ts';
import type { Reading } from './reading.ts';

/**
 * The approval of a ticket that needs no approver, such as ServiceNow's standard change: the last edit that set it to
 * approved, by a person or the system. undefined: the ticket is not of that kind, or the time of that edit is unknown. Nor is
 * a ticket of that kind if a field that makes it so was edited: what creates it sets them, and a person can write them.
 */
export function preapproval(
  { preapproved }: Gate,
  payload: unknown,
  history: Reading<readonly FieldChange[]>,
): Approval | undefined {
  if (preapproved === undefined || !allHold(preapproved.when, payload)) return undefined;
  if (history.kind !== 'complete') return undefined;
  const approving = columnOf(preapproved.field);
  const making = preapproved.when.map((one) => columnOf(one.field));
  const isMadeSo = ({ field }: FieldChange) => field !== approving && making.some((one) => isEditOf(field, one));
  if (history.value.some(isMadeSo)) return undefined;
  const edits = history.value.filter(({ field, at }) => field === approving && Number.isFinite(Date.parse(at)));
  const last = edits.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)).at(-1);
  if (last === undefined) return undefined;
  return { by: last.by, at: last.at, ref: `preapproved-${last.at.replace(/\D/g, '').slice(0, 17)}` };
}
