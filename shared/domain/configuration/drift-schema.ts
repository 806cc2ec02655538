import * as z from 'zod';
import { configuredName } from '../change/change.ts';
import { namePattern } from './guard-schema.ts';
import { rawFields, type TicketsConfiguration, transition } from './tickets-schema.ts';

/** A tenant's settings of the drift report; docs/drift.md explains them. */

const patterns = z.array(namePattern).max(100).default([]);

/** The ticket about a tenant's drift: `notify` opens it, comments on it, and closes it when nothing differs any more. */
const ticket = z.strictObject({
  /** The source in whose ticket system it is opened. */
  source: configuredName,
  /** ServiceNow's table, one of the source's `tickets.tables`. */
  table: z.string().min(1).max(80).optional(),
  /** Set when it is opened; Jira needs `project` and `issuetype`. */
  fields: rawFields,
  closed: transition,
});
export type DriftTicketSettings = z.output<typeof ticket>;

const drift = z.strictObject({
  /** Names of groups that only tickets make: one without a ticket is a finding. */
  owned: patterns,
  /** Names of groups that are to come to tickets: one without a ticket is listed. */
  watched: patterns,
  /** Names of groups that others keep, for example Terraform: one without a ticket is only counted. */
  foreign: patterns,
  ticket: ticket.optional(),
});

const writer = z.strictObject({
  /** As people know the admin or API client. */
  name: z.string().min(1).max(100),
  /** `own`: this product's own API client. */
  kind: z.enum(['console', 'terraform', 'own']),
});

/** The fields of a tenant's configuration that the drift report classifies by. */
export const driftSettings = {
  drift: drift.prefault({}),
  /** Ids that ZPA shows as the last writer → who that is. */
  writers: z.record(z.string().regex(/^\d{1,20}$/, { error: 'must be a string of digits' }), writer).default({}),
};

const settingsOfDrift = z.strictObject(driftSettings);
/** The drift report reads these fields of a tenant's configuration. */
export type DriftSettings = z.output<typeof settingsOfDrift>;

type Sources = Readonly<Record<string, { tickets?: TicketsConfiguration | undefined }>>;

/** Why no ticket can be opened so, with the path of the field; undefined: it can. */
export function driftTicketFault(
  { ticket: given }: DriftSettings['drift'],
  sources: Sources,
): { path: string[]; message: string } | undefined {
  if (given === undefined) return undefined;
  const tickets = Object.hasOwn(sources, given.source) ? sources[given.source]?.tickets : undefined;
  if (tickets === undefined) return { path: ['source'], message: `names a source without tickets: ${given.source}` };
  if (tickets.kind === 'servicenow') {
    const tables = Object.values(tickets.tables).map(({ table }) => table);
    if (given.table !== undefined && tables.includes(given.table)) return undefined;
    return { path: ['table'], message: `must be a table of sources.${given.source}.tickets: ${tables.join(', ')}` };
  }
  const missing =
    tickets.kind === 'jira' ? ['project', 'issuetype'].filter((name) => !Object.hasOwn(given.fields, name)) : [];
  if (missing.length === 0) return undefined;
  return { path: ['fields'], message: `must have ${missing.join(' and ')}: Jira files no issue without` };
}
