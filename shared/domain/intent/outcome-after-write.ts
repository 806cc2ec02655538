import { NEW_GROUP } from '../decide/group-content.ts';
import type { FieldDifference, UnstampedOutcome } from '../outcome/outcome.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import type { Ending } from '../records/intent.ts';

/** A change and its outcome; several are always in lane order. */
export type SettledChange = { record: ChangeRecord; outcome: UnstampedOutcome };

/** The facts that only a successful write supplies for the outcomes of its changes. */
export type WriteResult = { writeId: string; groupId: string; overtaken: FieldDifference[] };

/**
 * Turns the ending that was decided into an outcome. `written` undefined: the step needed no write, so no member is
 * `applied`.
 */
export function outcomeAfterWrite(ending: Ending, written: WriteResult | undefined): UnstampedOutcome {
  if (ending.kind === 'rejected') return ending;
  const groupId = written?.groupId ?? ending.effect.groupId;
  const resolved = {
    effect: { ...ending.effect, groupId: ending.effect.groupId === NEW_GROUP ? groupId : ending.effect.groupId },
    approved: {
      ...ending.approved,
      groupId: ending.approved.groupId === NEW_GROUP ? groupId : ending.approved.groupId,
    },
    reach: ending.reach,
  };
  if (ending.kind === 'unchanged' || written === undefined) return { kind: 'unchanged', ...resolved };
  return { kind: 'applied', ...resolved, writeId: written.writeId, overtaken: written.overtaken };
}
