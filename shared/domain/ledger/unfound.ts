import type { Reference } from '../change/change.ts';
import { partsSought } from '../outcome/parts-sought.ts';
import { rememberApprover } from '../records/approvers.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import { type DesiredGroup, knownName } from '../records/desired-group.ts';
import { isSameText } from '../text/same-text.ts';

/**
 * Rejected changes whose goal was reached without them: a ticket deletes a group that somebody deleted in the console, or
 * removes an application segment that is no more. The desired state remembers them, because otherwise it would ask for ever for
 * what a ticket does not want any more. Whether ZPA lacks it indeed, only a comparison with ZPA tells.
 */

/** The oldest are forgotten. */
const MAX_UNFOUND = 200;

const partsOf = ({ outcome, change }: ChangeRecord) =>
  outcome?.kind === 'rejected' ? partsSought(change, outcome) : [];

/** True if the change was rejected for lack of something that it would have ended. */
export const soughtInVain = (record: ChangeRecord): boolean => partsOf(record).length > 0;

/** The groups among these that the change names, if it sought something in vain. */
export function groupsSought(record: ChangeRecord, desired: readonly DesiredGroup[]): string[] {
  if (!soughtInVain(record)) return [];
  const { group } = record.change;
  return desired.filter((one) => isNamed(one, group, record.microtenantId)).map(({ groupId }) => groupId);
}

/**
 * True if the reference is to a group by its id, or by the name that tickets know. A change of one microtenant names no group of
 * another: its source may have no grant there.
 */
export function isNamed(one: DesiredGroup, group: Reference, microtenantId = '0'): boolean {
  if (one.microtenantId !== microtenantId) return false;
  if ('id' in group) return one.groupId === group.id;
  const name = knownName(one);
  return name !== undefined && isSameText(name, group.name);
}

/**
 * `existing` with what the change sought in vain and tickets approved, which grants and guards have judged; undefined if that is
 * nothing, or the change names another group.
 */
export function foldUnfound(existing: DesiredGroup | undefined, settled: ChangeRecord): DesiredGroup | undefined {
  if (existing === undefined || settled.outcome === undefined) return undefined;
  if (!isNamed(existing, settled.change.group, settled.microtenantId)) return undefined;
  const parts = partsOf(settled).filter((part) => part === 'exists' || existing.members[part]?.[0] === 1);
  if (parts.length === 0) return undefined;
  const { sequence, ref, ticket, outcome } = settled;
  const unfound = new Map(Object.entries(existing.unfound ?? {}));
  for (const part of parts) unfound.set(part, Math.max(sequence, unfound.get(part) ?? 0));
  const newest = [...unfound].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MAX_UNFOUND);
  const approver = { key: ref.idempotencyKey, source: ref.source, ticket: ticket.id, at: outcome.at };
  return {
    ...existing,
    approvals: rememberApprover(existing.approvals, sequence, approver, existing),
    unfound: Object.fromEntries(newest),
  };
}
