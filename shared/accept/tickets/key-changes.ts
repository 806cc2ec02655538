import type { Approval } from '../../domain/approval/approval.ts';
import { comparableName, isSamePerson } from '../../domain/approval/people.ts';
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
    /** Others who stand for the request, such as approvers who wrote it: guards do not count them. */
    writers?: readonly string[];
  },
): Record<string, unknown>[] {
  const prefix = ticketPrefix(ticket.id);
  const [by = ticket.requestedBy, ...opened] = requesters;
  const { others, counted } = boundRequesters([...writers, ...opened], approvals, by);
  const ticketFields = {
    id: ticket.id,
    ...(by === undefined ? {} : { requestedBy: oneLine(by, 320) }),
    ...(others.length === 0 ? {} : { requestedWith: others.map((name) => oneLine(name, 320)) }),
    approvals: counted
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

/**
 * As many of those who stand for the request as a change may name: first those who approved, the last one of them first.
 * The approvals of the others are left out, because guards would count them.
 */
function boundRequesters(names: readonly string[], approvals: readonly Approval[], requester: string | undefined) {
  const distinct = new Map(names.map((name) => [comparableName(name), name]));
  distinct.delete(comparableName(requester ?? ''));
  const rank = (name: string) => approvals.findLastIndex(({ by }) => isSamePerson(by, name));
  const all = [...distinct.values()].toSorted((one, other) => rank(other) - rank(one));
  const left = all.slice(MAX_REQUESTED_WITH);
  const counted = approvals.filter(({ by }) => !left.some((name) => isSamePerson(by, name)));
  return { others: all.slice(0, MAX_REQUESTED_WITH), counted };
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
