import * as z from 'zod';

/**
 * The ticket system that a source's tickets are read back from and answered in (`sources.NAME.tickets`). Its credential
 * is a separate secret (`secretNames.tickets`). Addresses come from here alone, never from a payload.
 */

/** Raw values by the name of a ticket's field. */
export const rawFields = z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_.]{0,79}$/), z.json()).default({});

/** The state that a ticket is moved to, and the fields set with it. */
export const transition = z.strictObject({
  to: z.string().min(1).max(100),
  /** Set when changes are settled, a text may hold `{summary}`: one line with their outcomes. */
  fields: rawFields,
});

/**
 * Selected by how many of the ticket's changes took effect. An unchanged one counts, because the group is as approved.
 * Absent: no transition.
 */
const transitions = z.strictObject({
  all: transition.optional(),
  some: transition.optional(),
  none: transition.optional(),
});

/** A pattern for the complete id; `^` and `$` are added. */
const idPattern = (usual: string) =>
  z.string().max(300).refine(isPattern, { error: 'must be a regular expression' }).default(usual);

function isPattern(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`, 'u');
    return true;
  } catch {
    return false;
  }
}

const error =
  'must be an https address without user, query or fragment, such as https://acme.service-now.com (http only for a loopback address)';

const address = z
  .url({ protocol: /^https?$/, error, abort: true })
  .max(500)
  .refine(isPlainAddress, { error });

function isPlainAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

const common = {
  url: address,
  /**
   * Private, loopback and link-local ranges that `url` may resolve to; without an entry only public addresses are
   * called.
   */
  allowedPrivateCidrs: z.array(z.union([z.cidrv4(), z.cidrv6()])).default([]),
  transitions: transitions.prefault({}),
};

/**
 * The functions that only read tickets hold a secret of their own (`secretNames.ticketsRead`). `true`: its account has no
 * right to write. Otherwise it is the account that may write, stored under both names.
 */
const readSecret = z.boolean().default(false);

const tableName = z.string().regex(/^[a-z][a-z0-9_]{0,79}$/);

/** ServiceNow's task tables, by the letters their numbers begin with. */
const USUAL_TABLES = {
  CHG: { table: 'change_request' },
  CTASK: { table: 'change_task' },
  RITM: { table: 'sc_req_item' },
};

const servicenow = z.strictObject({
  kind: z.literal('servicenow'),
  ...common,
  readSecret,
  idPattern: idPattern('[A-Z]{2,10}\\d{5,12}'),
  tables: z
    .record(
      z.string().regex(/^[A-Z]{1,10}$/),
      z.strictObject({ table: tableName, transitions: transitions.optional() }),
    )
    .default(USUAL_TABLES),
  /** Columns read in addition to the default ones; dots follow references, `variables.NAME` is a catalog variable. */
  fields: z
    .array(z.string().regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/i))
    .max(200)
    .default([]),
  /** Encoded query of approved tickets, for reconciling; absent: the one that the gate's `decision` makes for each table. */
  approvedQuery: z.string().max(500).optional(),
  /** The journal for comments: fulfillers see work notes, the requester sees comments too. */
  journal: z.enum(['work_notes', 'comments']).default('work_notes'),
});

const jira = z.strictObject({
  kind: z.literal('jira'),
  ...common,
  readSecret,
  idPattern: idPattern('[A-Z][A-Z0-9_]{1,30}-[1-9]\\d{0,11}'),
  /** Names of the statuses that mean approved: entering one is the approval, leaving them all withdraws it. */
  approvedStatuses: z.array(z.string().min(1).max(100)).min(1).default(['Approved']),
  /** Keys of the projects whose issues are taken; empty: all that the user may see. */
  projects: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]{1,30}$/))
    .max(50)
    .default([]),
});

const webhook = z.strictObject({
  kind: z.literal('webhook'),
  ...common,
  idPattern: idPattern('[A-Za-z0-9][A-Za-z0-9._-]{0,99}'),
});

/** The settings of a source's ticket system, by its kind. */
export const ticketsSchema = z.discriminatedUnion('kind', [servicenow, jira, webhook]);

export type TicketsConfiguration = z.output<typeof ticketsSchema>;
export type ServiceNowConfiguration = Extract<TicketsConfiguration, { kind: 'servicenow' }>;
export type JiraConfiguration = Extract<TicketsConfiguration, { kind: 'jira' }>;
export type WebhookConfiguration = Extract<TicketsConfiguration, { kind: 'webhook' }>;
export type TransitionsConfiguration = z.output<typeof transitions>;

/**
 * The credential of a function that only reads tickets: one that can only read, the one that can write too, or none, as
 * nothing is read.
 */
export function ticketAccess(tickets: TicketsConfiguration): 'read-secret' | 'one-secret' | 'none' {
  if (tickets.kind === 'webhook') return 'none';
  return tickets.readSecret ? 'read-secret' : 'one-secret';
}
