import type { Approval } from '../../domain/approval/approval.ts';
import { MAX_REQUESTED_WITH } from '../../domain/change/change.ts';
import { keyAt, keyPart, ticketPrefix } from './ticket-revision.ts';

/** The most approvals stored with a change (`ticketSchema`); of more, the latest are stored. */
const MAX_APPROVALS = 50;

/** The part of the mapping's answer that an approval changes. */
export type MappedChanges = {
  changes: readonly Record<string, unknown>[];
  ticket: { id: string; requestedBy?: string };
};

/**
 * Gives the changes of a ticket the keys and the change set of one approval. Requester and approvers come from the
 * read-back, never from the payload.
 */
export function keyChanges(
  { changes, ticket }: MappedChanges,
  {
    approval,
    approvals,
    requesters = [],
    writers = [],
  }: {
    approval: Approval;
    approvals: readonly Approval[];
    requesters?: readonly string[];
    /** Approvers who wrote the request: guards do not count them. */
    writers?: readonly string[];
  },
): Record<string, unknown>[] {
  const prefix = ticketPrefix(ticket.id);
  const [by = ticket.requestedBy, ...opened] = requesters;
  const others = [...new Set([...writers, ...opened])];
  const ticketFields = {
    id: ticket.id,
    ...(by === undefined ? {} : { requestedBy: oneLine(by, 320) }),
    ...(others.length === 0
      ? {}
      : { requestedWith: others.slice(0, MAX_REQUESTED_WITH).map((name) => oneLine(name, 320)) }),
    approvals: approvals
      .slice(-MAX_APPROVALS)
      .map((one) => ({ by: oneLine(one.by, 320), at: one.at, ref: oneLine(one.ref, 200) })),
  };
  return changes.map((raw) => ({
    ...raw,
    idempotencyKey: keyAt(lineOf(raw.idempotencyKey, prefix), approval),
    ...(raw.changeSet === undefined ? {} : { changeSet: setAt(raw.changeSet, approval) }),
    ticket: ticketFields,
  }));
}

/** A payload's own key becomes a line of its ticket, because all changes of a ticket are found by the prefix of their keys. */
function lineOf(key: unknown, prefix: string): string {
  const text = String(key);
  return text.startsWith(prefix) ? text : `${prefix}${text}`;
}

/** A set per revision: a rejected member of an earlier revision stops no member of this one. */
function setAt(set: unknown, approval: Approval): unknown {
  if (set === null || typeof set !== 'object' || !('id' in set)) return set;
  return { ...set, id: `${String(set.id)}@${keyPart(approval.ref)}` };
}

const oneLine = (text: string, longest: number) =>
  text
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
    .slice(0, longest)
    .toWellFormed();
