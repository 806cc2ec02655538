import type { TicketApproval } from '../../ports/ticket-system.ts';
import { type HistoryEntry, type HistoryItem, isFilled, timeOf } from './jira-changelog.ts';
import { personOf } from './jira-issue.ts';

/**
 * The person who moves an issue into an approved status approves it. A change to another approved status is no second
 * approval, and a change to any other status withdraws it. An issue created in an approved status has no approval. Neither
 * has an issue that reached the status when it was moved to another project, or before: the status was chosen for the
 * other project's workflow, and its approvers decided under another key. `approved`: ids of statuses.
 */
export function approvalsIn(
  history: readonly HistoryEntry[],
  status: string,
  approved: ReadonlySet<string>,
): TicketApproval[] {
  if (!approved.has(status)) return [];
  let standing: TicketApproval[] = [];
  for (const entry of history) {
    for (const item of entry.items.filter(isOfStatus)) standing = standingAfter(item, entry, approved, standing);
    if (entry.items.some((item) => isMove(item) || mayBeOfStatus(item, approved))) standing = [];
  }
  return standing;
}

function standingAfter(
  { from, to }: HistoryItem,
  { id, created, author }: HistoryEntry,
  approved: ReadonlySet<string>,
  standing: TicketApproval[],
): TicketApproval[] {
  if (!isFilled(from) || !isFilled(to) || !approved.has(to)) return [];
  if (approved.has(from)) return standing;
  const by = personOf(author);
  return by === undefined ? [] : [{ by, at: timeOf(created) ?? '', ref: id }];
}

/** Names are for people and translated, so that only an id tells the status. */
const isOfStatus = ({ fieldId }: HistoryItem) => fieldId === 'status';

/**
 * True if an item that does not name its field by an id may be of the status: such an item gives no approval, but may have
 * taken one back.
 */
const mayBeOfStatus = ({ field, fieldId, from, to }: HistoryItem, approved: ReadonlySet<string>) =>
  !isFilled(fieldId) && (field.toLowerCase() === 'status' || approved.has(from ?? '') || approved.has(to ?? ''));

/** Jira records the new key without a `fieldId` and does not translate its name. */
const isMove = ({ field, fieldId }: HistoryItem) =>
  fieldId === 'project' || fieldId === 'issuekey' || ['project', 'key'].includes(field.toLowerCase());
