import type { Condition, Gate } from '../../domain/approval/approval-schema.ts';
import { columnOf, isSameColumn } from '../../domain/approval/columns.ts';
import { lookup } from '../../domain/configuration/lookup.ts';
import type { ServiceNowConfiguration } from '../../domain/configuration/tickets-schema.ts';

/** `touched`: the columns with the times at which a ticket, or the record that bears its approval, was last edited. */
export type ApprovedQuery = { query: string; touched: string[] };

/** A condition as an encoded query can ask for it: a stored column, maybe of a linked record. */
type Asked = { column: string; link: string | undefined; values: string[] };

/** The links of the tables that come with the product; another table may have any. */
const LINKS: Readonly<Record<string, readonly string[]>> = {
  change_request: [],
  change_task: ['change_request'],
  sc_req_item: ['request'],
};

/**
 * The query of a table's approved tickets: the one that the configuration states, or what the gate's `decision` asks for,
 * as each kind of record bears its approval in another column. A task is not touched when its change is approved.
 * undefined: the table has no ticket that the gate approves.
 */
export function approvedQueryOf(
  { approvedQuery }: Pick<ServiceNowConfiguration, 'approvedQuery'>,
  gate: Gate | undefined,
  table: string,
): ApprovedQuery | undefined {
  const asked = gate === undefined ? [] : decisionConditions(gate).flatMap(toAsked);
  const isThere = ({ link }: Asked) => link === undefined || (lookup(LINKS, table)?.includes(link) ?? true);
  const links = asked.filter(isThere).flatMap(({ link }) => link ?? []);
  const touched = ['sys_updated_on', ...new Set(links.map((link) => `${link}.sys_updated_on`))];
  if (approvedQuery !== undefined) return { query: approvedQuery, touched };
  if (!asked.every(isThere)) return undefined;
  const parts = asked.map(({ column, values }) => `${column}${values.length > 1 ? 'IN' : '='}${values.join(',')}`);
  return { query: ['active=true', ...(parts.length > 0 ? parts : ['approval=approved'])].join('^'), touched };
}

const decisionConditions = ({ approved, decision }: Gate) =>
  approved.filter(({ field }) => decision.some((one) => isSameColumn(one, field)));

/** None for texts for people, variables, and values that divide a query. */
function toAsked(condition: Condition): Asked[] {
  const { field } = condition;
  const [, first = '', rest] = /^record\.([a-z0-9_]+)(?:\.([a-z0-9_]+))?$/i.exec(columnOf(field)) ?? [];
  const values = 'oneOf' in condition ? condition.oneOf : [];
  const isPlain = values.length > 0 && values.every((one) => /^[^,^]+$/.test(one));
  if (['', 'variables'].includes(first) || field.endsWith('.display_value') || !isPlain) return [];
  return [{ column: rest === undefined ? first : `${first}.${rest}`, link: rest && first, values }];
}
