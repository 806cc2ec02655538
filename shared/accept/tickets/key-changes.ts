import type { Approval } from '../../domain/approval/judge-approval.ts';
import { keyAt, keyPart, ticketPrefix } from './ticket-revision.ts';

/** Approvals kept on a change (`ticketSchema`); of more, the latest. */
const MAX_APPROVALS = 50;

/** What the mapping answered, as far as an approval changes it. */
export type MappedChanges = {
  changes: readonly Record<string, unknown>[];
  ticket: { id: string; requestedBy?: string };
};

/**
 * The changes of a ticket at one approval: keys and change set are this approval's own, and the ticket says who requested
 * and who approved, by what was read back, whatever the payload says of it.
 */
export function keyChanges(
  { changes, ticket }: MappedChanges,
  {
    approval,
    approvals,
    requestedBy,
  }: { approval: Approval; approvals: readonly Approval[]; requestedBy?: string | undefined },
): Record<string, unknown>[] {
  const prefix = ticketPrefix(ticket.id);
  const by = requestedBy ?? ticket.requestedBy;
  const told = {
    id: ticket.id,
    ...(by === undefined ? {} : { requestedBy: oneLine(by, 320) }),
    approvals: approvals
      .slice(-MAX_APPROVALS)
      .map((one) => ({ by: oneLine(one.by, 320), at: one.at, ref: oneLine(one.ref, 200) })),
  };
  return changes.map((raw) => ({
    ...raw,
    idempotencyKey: keyAt(lineOf(raw.idempotencyKey, prefix), approval),
    ...(raw.changeSet === undefined ? {} : { changeSet: setAt(raw.changeSet, approval) }),
    ticket: told,
  }));
}

/** A payload's own key is a line of its ticket: all changes of a ticket are found by how their keys begin. */
function lineOf(key: unknown, prefix: string): string {
  const text = String(key);
  return text.startsWith(prefix) ? text : `${prefix}${text}`;
}

/** A member of an earlier revision that was rejected stops nobody in this one. */
function setAt(set: unknown, approval: Approval): unknown {
  if (set === null || typeof set !== 'object' || !('id' in set)) return set;
  return { ...set, id: `${String(set.id)}@${keyPart(approval.ref)}` };
}

const oneLine = (text: string, longest: number) =>
  text
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
    .slice(0, longest)
    .toWellFormed();
