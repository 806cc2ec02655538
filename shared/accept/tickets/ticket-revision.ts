import { createHash } from 'node:crypto';
import type { Approval } from '../../domain/approval/approval.ts';
import { compareApprovals } from '../../domain/approval/count-approvals.ts';
import type { ChangeRef } from '../../domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';

/**
 * One approval of one ticket is a revision: its changes have keys `<ticket>/<line>@<approval>`
 * (docs/architecture.md#tickets), so another approval makes other changes. The mapping answers `<ticket>/<line>`.
 */

/** The prefix of the keys of all changes of a ticket, at any approval. */
export const ticketPrefix = (ticketId: string): string => `${keyPart(ticketId)}/`;

/** The key of a mapped change at this approval. */
export function keyAt(line: string, approval: Pick<Approval, 'ref'>): string {
  return `${line}@${keyPart(approval.ref)}`;
}

/** The approval's part of a key; undefined: the key has none. */
function approvalOfKey(idempotencyKey: string): string | undefined {
  const at = idempotencyKey.lastIndexOf('@');
  return at < 0 ? undefined : idempotencyKey.slice(at + 1);
}

/**
 * The text itself if it may be a part of a key, else its hash: keys have up to 200 printable characters, and `/` and `@`
 * divide them.
 */
export function keyPart(text: string): string {
  if (/^[\x21-\x7e]{1,80}$/.test(text) && !/[/@#]/.test(text)) return text;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The latest approval that a change was accepted with; undefined: none is known. */
function approvalOf({ ticket }: Pick<ChangeRecord, 'ticket'>): Approval | undefined {
  return ticket.approvals.toSorted(compareApprovals).at(-1);
}

/** The changes of a ticket in the ledger, sorted by their relation to one of its approvals. */
export type Revisions = { same: ChangeRecord[]; earlier: ChangeRecord[]; later: ChangeRecord[] };

/** Sorts changes by their approval; a change without a known approval is earlier than any. */
export function sortRevisions(records: readonly ChangeRecord[], approval: Approval): Revisions {
  const revisions: Revisions = { same: [], earlier: [], later: [] };
  for (const record of records) revisions[revisionOf(record, approval)].push(record);
  return revisions;
}

/** True if the change was accepted at this approval. */
export function isOfApproval({ ref }: Pick<ChangeRecord, 'ref'>, approval: Pick<Approval, 'ref'>): boolean {
  return approvalOfKey(ref.idempotencyKey) === keyPart(approval.ref);
}

function revisionOf(record: ChangeRecord, approval: Approval): keyof Revisions {
  if (isOfApproval(record, approval)) return 'same';
  const other = approvalOf(record);
  return other !== undefined && compareApprovals(other, approval) > 0 ? 'later' : 'earlier';
}

/** The latest of this approval and those the changes were accepted with. */
export function latestApproval(records: readonly ChangeRecord[], approval: Approval): Approval {
  const known = records.flatMap((record) => approvalOf(record) ?? []);
  return [approval, ...known].toSorted(compareApprovals).at(-1) ?? approval;
}

/** True if changes of this approval were accepted and are not all undone: what was approved is carried out. */
export function stands(known: readonly ChangeRecord[], approval: Approval | undefined): boolean {
  return approval !== undefined && sortRevisions(known, approval).same.some((one) => !hasEndedUndone(one));
}

/** True if the change ended without being carried out, because its approval did. */
export const hasEndedUndone = ({ outcome }: Pick<ChangeRecord, 'outcome'>): boolean =>
  outcome?.kind === 'cancelled' || outcome?.kind === 'superseded';

/** True if the approval was accepted by another source, or for a tenant that the mapping does not lead to any more. */
export const isKnownElsewhere = (
  known: readonly ChangeRecord[],
  { source, tenant, idempotencyKey }: ChangeRef,
): boolean =>
  known.some(({ ref }) => ref.idempotencyKey === idempotencyKey && (ref.source !== source || ref.tenant !== tenant));

/** True if these changes of one approval are all that it was accepted for; an invocation may have died in between. */
export const isWhole = (same: readonly ChangeRecord[]): boolean =>
  same.length > 0 && same.every(({ change }) => same.length >= (change.changeSet?.size ?? 1));

/**
 * True if an approval with these changes is over. Of changes that were not all accepted, one that ended undone says so: the
 * approval ended before the others were accepted.
 */
export const isSpent = (same: readonly ChangeRecord[]): boolean =>
  isWhole(same) ? same.every(hasEndedUndone) : same.some(hasEndedUndone);
