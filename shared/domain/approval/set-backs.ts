import type { Approval, FieldChange } from './approval.ts';
import { bearingFields, type Condition, type Gate } from './approval-schema.ts';
import { isAfter } from './count-approvals.ts';
import { fulfils, holds } from './judge-ticket.ts';

/** The end of all approvals before it. `field`: the field that was set back; absent: an approver rejected. */
export type SetBack = Pick<FieldChange, 'at' | 'by'> & { field?: string };

/** Whether something set the ticket back after this approval, which therefore says nothing about the approved state now. */
export function isEnded(approval: Approval, setBacks: readonly SetBack[]): boolean {
  return setBacks.some((one) => isAfter(one, approval));
}

/**
 * The edits that set a ticket back, oldest first: it left the approved state and came back to it, or got a value that
 * withdraws the approval. Whoever sets it forward again approves nothing, so it needs a new approval. Fields that say
 * nothing about the approval, such as `on_hold`, set nothing back.
 */
export function setBacksOf(gate: Gate, payload: unknown, edits: readonly FieldChange[]): SetBack[] {
  const conditions = bearingConditions(gate);
  // The present value is known; each edit tells the one before it.
  const holding = new Map(conditions.map((one) => [one, holds(one, payload)]));
  let isApprovedLater = conditions.every((one) => holding.get(one));
  const found: SetBack[] = [];
  for (const edit of edits.toReversed()) {
    const { at, by, field } = edit;
    if (gate.withdrawn.some((one) => isOf(edit, one) && isTold(edit.to, one))) found.push({ at, by, field });
    for (const condition of conditions.filter((one) => isOf(edit, one))) {
      const others = conditions.filter((one) => one !== condition);
      const leaves = mayHold(edit.from, condition) && !isTold(edit.to, condition);
      if (leaves && others.every((one) => holding.get(one))) {
        // A ticket that only moved on to its next states keeps its approval.
        if (isApprovedLater) found.push({ at, by, field });
        isApprovedLater = true;
      }
      holding.set(condition, mayHold(edit.from, condition));
    }
  }
  return found.toReversed();
}

/** The last edit of each field in `gate.decision` that gave it its approved value. */
export function decisionsOf(gate: Gate, edits: readonly FieldChange[]): FieldChange[] {
  const conditions = gate.approved.filter(({ field }) => gate.decision.includes(field));
  return conditions.flatMap((condition) => {
    const entering = (edit: FieldChange) =>
      isOf(edit, condition) && mayHold(edit.to, condition) && !isTold(edit.from, condition);
    return edits.findLast(entering) ?? [];
  });
}

/** The conditions of `approved` on fields that tell how far the approval is. */
function bearingConditions({ approved, submitted, withdrawn, decision }: Gate): readonly Condition[] {
  const bearing = [...decision, ...bearingFields(approved, [...submitted, ...withdrawn])];
  return approved.filter(({ field }) => bearing.includes(field));
}

/** Whether the edit is of the condition's field, or of what contains it. */
const isOf = ({ field }: FieldChange, condition: Condition) =>
  condition.field === field || condition.field.startsWith(`${field}.`);

/** Whether a value that the history tells fulfils the condition; one that it does not tell does not. */
const isTold = (value: FieldChange['from'], condition: Condition) => value !== undefined && fulfils(value, condition);

/** The same where a value that the history does not tell may be any. */
const mayHold = (value: FieldChange['from'], condition: Condition) => value === undefined || fulfils(value, condition);
