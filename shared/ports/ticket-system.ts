import type { FieldChange } from '../domain/approval/approval.ts';
import type { Reading } from '../domain/approval/reading.ts';
import type { TicketText } from '../domain/text/ticket-text.ts';

/**
 * A ticket system, as the core uses it: read a ticket back, list approved tickets, comment on a ticket, move it to another
 * state. `shared/tickets` implements it for ServiceNow and Jira; a generic webhook has only a `TicketWriter`.
 *
 * Every method takes the ticket's id as people know it (`CHG0031337`, `ZPA-42`) and rejects with an Error that has a
 * `code` (and a `cause`): `ticket-id` (does not match the source's pattern: nothing was sent), `ticket-ambiguous` (two
 * records have this number), `tickets-refused` (credential), `tickets-limited` and `tickets-unavailable` (both may carry
 * `retryAfterMs`), `tickets-malformed` (an unexpected answer), `tickets-unsupported` (another product than the one that is
 * configured), `tickets-address` (its address is not allowed). Nothing is retried inside.
 */

/**
 * `by`: the approver, as the ticket system identifies users. `at`: RFC 3339 in UTC. `ref`: the approval's own id, printable
 * ASCII. `actor`: who set it, if not `by`, in the same terms; absent: the same as `by`.
 */
export type TicketApproval = { by: string; at: string; ref: string; actor?: string };

export type TicketRecord = {
  /** The ticket's number or key, as the system spells it; the one asked for, if it stands under another id now. */
  id: string;
  /**
   * In the shape of the system's webhook, so that one mapping reads both:
   *
   *     Jira        {"issue": {"id", "key", "fields": {…}}}                       as Jira's own webhooks and REST v3
   *     ServiceNow  {"table": "change_request", "record": {"number": {"value", "display_value"}, …,
   *                  "requested_by": {"value", "display_value", "user_name": {…}}, "variables": {"NAME": {…}}}}
   *
   * ServiceNow's `value` is as stored (times in UTC as `YYYY-MM-DD hh:mm:ss`, references as sys_id), `display_value` as
   * the integration user sees it.
   */
  payload: unknown;
  /**
   * Everyone who stands for the request, the requester first, the one who opened the ticket too. In the same terms as
   * `approvals.by` and the history's `by`: ServiceNow's user name, Jira's account id. Empty: the ticket names nobody.
   */
  requesters: string[];
  /** Those that stand: granted and not withdrawn since. Oldest first. */
  approvals: TicketApproval[];
  /** When an approver rejected it or took an approval back, though nothing in its fields tells so. Absent: never. */
  rejections?: { at: string; by: string }[];
  /**
   * Why nothing may be accepted for it and what was accepted is withdrawn, although it exists: it stands under another id
   * than the one asked for, or outside what the configuration takes. One sentence part without values of the ticket.
   */
  outOfScope?: string;
  /** Edits of its fields, oldest first. A system that does not audit, or shows no history, is `unknown`, never empty. */
  history: Reading<FieldChange[]>;
};

export type TicketReader = {
  /** undefined: there is no such ticket, or this user may not see it (the systems do not distinguish the two). */
  read(id: string): Promise<TicketRecord | undefined>;
  /**
   * The ids of tickets in an approved state, changed since this instant (epoch ms). Ids instead of tickets, so that one
   * that cannot be read does not end the listing. A ticket that changes between two pages can be missed or come twice:
   * call with overlap.
   */
  listApproved(since: number): AsyncIterable<string>;
};

/** `said`: written now; `already`: a comment with this marker exists; `no-ticket`: there is no such ticket. */
export type Commented = 'said' | 'already' | 'no-ticket';

/** `done`: moved now or before. `refused`: by the ticket system's own rules; `reason` is one line. */
export type Transitioned = { result: 'done' } | { result: 'refused'; reason: string };

export type TicketWriter = {
  /**
   * Comments once in effect by `marker`, which becomes the comment's last line, sealed for this ticket where comments are read
   * before they are written. `marker`: 8 to 78 characters of `A-Za-z0-9._:/@-`; other texts have other markers. Two callers at the same moment may both write it, so a caller needs
   * a lock of its own. `former`: markers by which an earlier attempt may have written it.
   */
  comment(id: string, text: TicketText, marker: string, former?: readonly string[]): Promise<Commented>;
  /**
   * `to`: the state as the configuration names it (ServiceNow: value of `state`; Jira: name of the status). `fields`: raw
   * values to set with it, by field name. Harmless to repeat. `marker` identifies this transition to webhook receivers.
   */
  transition(id: string, to: string, fields: Readonly<Record<string, unknown>>, marker: string): Promise<Transitioned>;
};

/**
 * A ticket to file. `fields`: raw values to file it with, by field name. `table`: ServiceNow's. `marker` identifies the ticket for
 * good: 8 to 78 characters of `A-Za-z0-9._-`.
 */
export type NewTicket = {
  title: string;
  text: TicketText;
  fields: Readonly<Record<string, unknown>>;
  table?: string | undefined;
  marker: string;
};

export type TicketOpener = {
  /**
   * Files a ticket once in effect by `marker`, and answers its id. Jira finds new tickets some seconds later, so a repetition at
   * the same moment may file two.
   */
  open(ticket: NewTicket): Promise<string>;
};

/** Has a comment written by the function that may; resolves when it is stored. */
export type CommentQueue = {
  comment(request: { source: string; ticketId: string; text: TicketText; marker: string }): Promise<void>;
};
