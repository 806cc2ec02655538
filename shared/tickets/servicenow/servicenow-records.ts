import * as z from 'zod';
import { lookup } from '../../domain/configuration/lookup.ts';
import type { ServiceNowConfiguration } from '../../domain/configuration/tickets-schema.ts';
import { TicketError } from '../http/ticket-error.ts';

/**
 * Records of ServiceNow's Table API (ServiceNow docs, "Table API"). With `sysparm_display_value=all` each column is
 * `{display_value, value}`; a column of a referenced record is answered under its dotted name.
 */
const column = z.looseObject({ value: z.string(), display_value: z.string().nullable().optional() });
export const flatRecord = z.record(z.string(), z.unknown());

export type FlatRecord = z.output<typeof flatRecord>;

/** References whose records may bear the approval of a task or a requested item. */
export const APPROVED_PARENTS = ['change_request', 'request'] as const;

/** Columns of all task tables that a mapping may read; ServiceNow leaves out columns that a table does not have. */
const USUAL_COLUMNS = [
  'sys_id',
  'number',
  'sys_class_name',
  'type',
  'state',
  'approval',
  'active',
  'on_hold',
  'start_date',
  'end_date',
  'planned_start_date',
  'planned_end_date',
  'short_description',
  'description',
  'request',
  'change_request',
  'parent',
  'cat_item',
  'sys_created_on',
  'sys_updated_on',
  'sys_updated_by',
  'sys_mod_count',
];

/** Form variables that the presets read (docs/mapping.md). */
const USUAL_VARIABLES = [
  'zpa_tenant',
  'zpa_microtenant',
  'zpa_action',
  'zpa_group',
  'zpa_new_name',
  'zpa_description',
  'zpa_enabled',
  'zpa_applications_to_add',
  'zpa_applications_to_remove',
  'zpa_move_to',
  'zpa_changes',
];

/** The columns to read of a ticket: the usual ones and those of the configuration. */
export function columnsOf({ fields }: Pick<ServiceNowConfiguration, 'fields'>): string[] {
  return [...new Set([...USUAL_COLUMNS, ...USUAL_VARIABLES.map((name) => `variables.${name}`), ...fields])];
}

/** The stored value of a column in a record read with display value `all`; '' if it has none. */
export function storedValue(record: FlatRecord, name: string): string {
  const parsed = column.safeParse(lookup(record, name));
  return parsed.success ? parsed.data.value : '';
}

/** The text of a column in a record read with display value `false`; '' if it has none. */
export function plainValue(record: FlatRecord, name: string): string {
  const value = lookup(record, name);
  return typeof value === 'string' ? value : '';
}

/**
 * Converts a record to the shape in which the webhook sends it. Dotted columns become nested fields:
 * `requested_by.user_name` becomes the field `user_name` beside `value` and `display_value`.
 */
export function toNestedRecord(record: FlatRecord): Record<string, unknown> {
  const root: Branch = Object.create(null);
  for (const [name, value] of Object.entries(record)) {
    const steps = name.split('.');
    const last = steps.pop() ?? name;
    let branch = root;
    for (const step of steps) branch = branchAt(branch, step);
    const known = branch[last];
    branch[last] = isBranch(known) && isBranch(value) ? Object.assign(bare(known), value) : value;
  }
  return root;
}

type Branch = Record<string, unknown>;

const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null;

function branchAt(branch: Branch, step: string): Branch {
  const known = branch[step];
  const made = bare(isBranch(known) ? known : {});
  branch[step] = made;
  return made;
}

/** A copy without a prototype, in which each name is a field: `__proto__` would else lead to what all objects share. */
const bare = (value: object): Branch => Object.assign(Object.create(null), value);

/** Converts a stored time, `2026-11-30 08:15:00` in UTC, to RFC 3339. */
export function instantOf(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text) ? Date.parse(`${text.replace(' ', 'T')}Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new TicketError('tickets-malformed', 'ServiceNow answered a time of another form.');
  return new Date(at).toISOString();
}

/** Formats epoch ms for an encoded query. */
export function queryTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
