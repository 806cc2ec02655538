import type { TicketText } from '../domain/text/ticket-text.ts';

/**
 * What the core wants of a ticket system: read a ticket back, list those that are approved, say something on it, move it
 * on. `shared/tickets` fulfils it for ServiceNow and Jira; a generic webhook can only be told (`TicketWriter`).
 *
 * Every method takes the ticket's id as people know it (`CHG0031337`, `ZPA-42`) and rejects with an Error that has a
 * `code` (and a `cause`): `ticket-id` (does not match the source's pattern: nothing was sent), `tickets-refused`
 * (credential), `tickets-limited` and `tickets-unavailable` (both may carry `retryAfterMs`), `tickets-malformed`
 * (an answer nobody expects), `tickets-address` (its address is one that is not allowed). Nothing is retried inside.
 */

/** Who approved, as the ticket system knows. `at`: RFC 3339 in UTC. `ref`: the approval's own id, printable ASCII. */
export type TicketApproval = { by: string; at: string; ref: string };

/**
 * One edit of one field. `field`: its path in `TicketRecord.payload`, for example `issue.fields.customfield_10050` or
 * `record.start_date`; an edit of `record.variables` may be of any variable. `at`: RFC 3339 in UTC.
 */
export type FieldChange = { field: string; at: string; by: string };

export type TicketRecord = {
  /** The ticket's number or key, as the system spells it. */
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
  /** In the same terms as `approvals.by` and `fieldChanges.by`: ServiceNow's user name, Jira's account id. */
  requestedBy?: string;
  /** Those that stand: granted and not withdrawn since. Oldest first. */
  approvals: TicketApproval[];
  /** Oldest first; undefined: the system does not tell (no auditing, or no right to read it), which is not "none". */
  fieldChanges: FieldChange[] | undefined;
};

export type TicketReader = {
  /** undefined: there is no such ticket, or this user may not see it (the systems do not tell the two apart). */
  read(id: string): Promise<TicketRecord | undefined>;
  /**
   * Tickets in an approved state, touched since (epoch ms). Each is read back when its turn comes, so a consumer may stop
   * early. A ticket that changes while pages are turned can be missed or come twice: ask with overlap.
   */
  listApproved(since: number): AsyncIterable<TicketRecord>;
};

/** `said`: now; `already`: a comment with this marker stands there; `no-ticket`: there is no such ticket. */
export type Commented = 'said' | 'already' | 'no-ticket';

/** `done`: now, or it was there before. `refused`: by the ticket system's own rules; `reason` is one line. */
export type Transitioned = { result: 'done' } | { result: 'refused'; reason: string };

export type TicketWriter = {
  /**
   * Once in effect by `marker`, which becomes its last line: looks before it says. `marker`: 8 to 100 characters of
   * `A-Za-z0-9._:/@-`. Two callers at the same moment may both say it, so hold something of your own meanwhile.
   */
  comment(id: string, text: TicketText, marker: string): Promise<Commented>;
  /**
   * `to`: the state as the configuration names it (ServiceNow: value of `state`; Jira: name of the status). `fields`:
   * what goes with it, raw, by field name. Harmless to repeat. `marker` names this move to receivers that only hear of it.
   */
  transition(id: string, to: string, fields: Readonly<Record<string, unknown>>, marker: string): Promise<Transitioned>;
};
