import { NEW_GROUP } from '../decide/group-content.ts';
import { generationKey } from '../lane/change-ref.ts';
import type { FieldDifference, UnstampedOutcome } from '../outcome/outcome.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import type { EndedMember, Ending, Member } from '../records/intent.ts';

/** A change and its outcome; several are always in lane order. */
export type SettledChange = { record: ChangeRecord; outcome: UnstampedOutcome };

/** The endings of an intent's members, in lane order; `unread`: of those that are not among the records. */
export type Endings = { changes: SettledChange[]; unread: EndedMember[] };

/** Ends every member; `records`: their changes as far as they can be read, each at the generation of its member. */
export function endMembers<M extends Member>(
  members: readonly M[],
  records: readonly ChangeRecord[],
  outcomeOf: (member: M, index: number) => UnstampedOutcome,
): Endings {
  const byKey = new Map(records.map((record) => [generationKey(record), record]));
  const endings: Endings = { changes: [], unread: [] };
  for (const [index, member] of members.entries()) {
    const record = byKey.get(generationKey(member));
    const outcome = outcomeOf(member, index);
    const { ref, generation, sequence } = member;
    if (record === undefined) endings.unread.push({ ref, generation, sequence, outcome });
    else endings.changes.push({ record, outcome });
  }
  return endings;
}

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
