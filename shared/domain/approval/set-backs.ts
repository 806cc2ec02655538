import type { Approval, FieldChange } from './approval.ts';
import { bearingFields, type Condition, type Gate } from './approval-schema.ts';
import { columnEdits } from './column-edits.ts';
import { columnOf, isSameColumn } from './columns.ts';
import { isAfter } from './count-approvals.ts';
import { holds } from './judge-ticket.ts';

/** The end of all approvals before it. `field`: the field that was set back; absent: an approver rejected. */
export type SetBack = Pick<FieldChange, 'at' | 'by'> & { field?: string };

/** True if something set the ticket back after this approval, which therefore says nothing about the approved state now. */
export function isEnded(approval: Approval, setBacks: readonly SetBack[]): boolean {
  return setBacks.some((one) => isAfter(one, approval));
}

/**
 * The edits that set a ticket back, oldest first: it left the approved state and came back to it, or got a value that
 * withdraws the approval. Whoever sets it forward again approves nothing, so it needs a new approval. Fields that say
 * nothing about the approval, such as `on_hold`, set nothing back.
 */
export function setBacksOf(gate: Gate, payload: unknown, edits: readonly FieldChange[]): SetBack[] {
  const columns = bearingConditions(gate).map((one) => columnEdits(one, payload, edits));
  const withdrawing = gate.withdrawn.map((one) => columnEdits(one, payload, edits));
  // The present value is known; each edit tells the one before it.
  const holding = new Map(columns.map((one) => [one, holds(one.condition, payload)]));
  let isApprovedLater = columns.every((one) => holding.get(one));
  const found: SetBack[] = [];
  for (const edit of edits.toReversed()) {
    const { at, by, field } = edit;
    if (withdrawing.some((one) => one.mayWithdraw(edit))) found.push({ at, by, field });
    for (const column of columns.filter((one) => one.has(edit))) {
      const others = columns.filter((one) => one !== column);
      if (column.leaves(edit) && others.every((one) => holding.get(one))) {
        // A ticket that only moved on to its next states keeps its approval.
        if (isApprovedLater) found.push({ at, by, field });
        isApprovedLater = true;
      }
      holding.set(column, column.mayHoldBefore(edit));
    }
  }
  return found.toReversed();
}

/** The last edit of each field in `gate.decision` that gave it its approved value. */
export function decisionsOf(gate: Gate, payload: unknown, edits: readonly FieldChange[]): FieldChange[] {
  const conditions = gate.approved.filter(({ field }) => gate.decision.some((one) => isSameColumn(one, field)));
  const columns = conditions.map((one) => columnEdits(one, payload, edits));
  return columns.flatMap((column) => edits.findLast(column.enters) ?? []);
}

/** The conditions of `approved` on fields that tell how far the approval is. */
function bearingConditions({ approved, submitted, withdrawn, decision }: Gate): readonly Condition[] {
  const bearing = new Set([...decision, ...bearingFields(approved, [...submitted, ...withdrawn])].map(columnOf));
  return approved.filter(({ field }) => bearing.has(columnOf(field)));
}
