import type { Approval, FieldChange } from './approval.ts';
import { isSamePerson, isUnknownPerson } from './people.ts';

/** The approvals of a ticket, sorted by whether they count for the ticket's present content. Each list is oldest first. */
export type CountedApprovals = {
  /** They count, and nothing was edited after them. */
  inForce: Approval[];
  /** They counted for an earlier version of the content. */
  stale: Approval[];
  /** The approver wrote the content. */
  ownWork: Approval[];
  /** Somebody unknown wrote the content, who may be the approver. */
  unknownWriter: Approval[];
};

/**
 * Counts the approvals in the order of their times. Whoever edited the content since the version that was approved before
 * does not count as its approver, because nobody else has approved these words. `edits`: of what makes the request.
 */
export function countApprovals(
  approvals: readonly Approval[],
  edits: readonly FieldChange[],
  { selfApproval }: { selfApproval: boolean },
): CountedApprovals {
  const counted: Approval[] = [];
  const ownWork: Approval[] = [];
  const unknownWriter: Approval[] = [];
  for (const approval of approvals.toSorted(compareApprovals)) {
    const writers = selfApproval ? [] : writersOf(approval, counted, edits);
    if (writers.some((one) => isBy(approval, one))) ownWork.push(approval);
    else if (writers.some(isUnknownPerson)) unknownWriter.push(approval);
    else counted.push(approval);
  }
  const isStale = (approval: Approval) => edits.some((edit) => isAfter(edit, approval));
  return {
    inForce: counted.filter((one) => !isStale(one)),
    stale: counted.filter(isStale),
    ownWork: ownWork.filter((one) => !isStale(one)),
    unknownWriter: unknownWriter.filter((one) => !isStale(one)),
  };
}

/** True if this person gave the approval: acted, or had somebody act in their name. */
export function isBy({ by, actor }: Approval, person: string): boolean {
  return isSamePerson(by, person) || isSamePerson(actor, person);
}

/** The people who wrote the approved content since the last version that one of the `counted` approved. */
function writersOf(approval: Approval, counted: readonly Approval[], edits: readonly FieldChange[]): string[] {
  const until = edits.filter((edit) => !isAfter(edit, approval));
  const before = counted.findLast((one) => until.some((edit) => isAfter(edit, one)));
  return until.filter((edit) => before === undefined || isAfter(edit, before)).map(({ by }) => by);
}

/**
 * Orders approvals by time: negative if `one` is earlier. Their ids, then their people, order approvals of the same time,
 * so that every reader gets the same order.
 */
export function compareApprovals(one: Approval, other: Approval): number {
  const apart = Date.parse(one.at) - Date.parse(other.at);
  return apart !== 0 ? apart : compareTexts(one.ref, other.ref) || compareTexts(one.by, other.by);
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/**
 * True if the edit happened after the approval. Ticket systems record time in seconds, and Jira records an edit within
 * a transition at the transition's own time. An edit by the approver at the approval's own time is therefore part of
 * what was approved. Whether its writer may approve it is another question.
 */
export function isAfter(change: Pick<FieldChange, 'at' | 'by'>, approval: Approval): boolean {
  const apart = Date.parse(change.at) - Date.parse(approval.at);
  // An unreadable time counts as after the approval.
  return !(apart < 0 || (apart === 0 && isBy(approval, change.by)));
}
