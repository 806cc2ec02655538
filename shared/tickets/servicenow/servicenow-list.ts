import * as z from 'zod';
import { complete, type Reading } from '../../domain/approval/reading.ts';
import type { ApiCaller } from '../http/caller.ts';
import { type TicketAnswer, unexpectedAnswer } from '../http/send-ticket-request.ts';
import { TicketError } from '../http/ticket-error.ts';
import { type FlatRecord, flatRecord, plainValue } from './servicenow-records.ts';

/**
 * Lists of ServiceNow's Table API (ServiceNow docs, "Table API": `/api/now/table/{table}`), `{"result": […]}`. ACLs filter
 * rows after the query has cut the page (KB3047115), so a short or empty page says nothing about its end:
 * `X-Total-Count`, which counts hidden rows too, does.
 */
const list = z.object({ result: z.array(flatRecord) });

export type ListQuery = {
  table: string;
  /** Encoded query (ServiceNow docs, "Encoded query strings"). */
  query: string;
  columns: readonly string[];
  displayValue: 'all' | 'false';
  limit: number;
  offset?: number;
};

/** `total`: rows that match the query, shown or not; undefined if ServiceNow did not count them. */
export type ListPage = { records: FlatRecord[]; total: number | undefined; isLast: boolean };

/** Reads one page of a list. */
export async function listRecords(call: ApiCaller, listQuery: ListQuery): Promise<ListPage> {
  return toPage(listQuery, await ask(call, listQuery));
}

/**
 * Reads one page of a list. Resolves with the error of an answer about this table; errors of the connection and of the
 * credential, which concern every table, reject.
 */
export async function tryList(call: ApiCaller, listQuery: ListQuery): Promise<ListPage | TicketError> {
  const answer = await ask(call, listQuery);
  try {
    return toPage(listQuery, answer);
  } catch (error) {
    if (error instanceof TicketError) return error;
    throw error;
  }
}

/**
 * Reads all pages of a list with display value `false` and the column `sys_id`. `partial` if rows are hidden or not
 * counted, or more than `maxPages` pages exist, `unknown` if this user may not read the table. Rejects where ServiceNow
 * answers that there is no record: it counts an empty list as any other, and a list that seems empty would end an
 * approval.
 */
export async function listAllRecords(
  call: ApiCaller,
  listQuery: Omit<ListQuery, 'offset'>,
  maxPages: number,
): Promise<Reading<FlatRecord[]>> {
  const { table, limit } = listQuery;
  const found = new Map<string, FlatRecord>();
  for (let number = 0; number < maxPages; number += 1) {
    const pageQuery = { ...listQuery, offset: number * limit };
    const answer = await ask(call, pageQuery);
    if (answer.status === 403 && answer.json !== undefined) {
      return { kind: 'unknown', reason: `the integration user may not read ${table}` };
    }
    if (isEmptyList(answer)) throw new TicketError('tickets-unavailable', `ServiceNow ${table}: HTTP 404 is no list`);
    const { records, total, isLast } = toPage(pageQuery, answer);
    for (const one of records) found.set(plainValue(one, 'sys_id'), one);
    // Without a count, nothing tells whether an ACL hides a row.
    if (total === undefined) return partial(found, `ServiceNow does not count its records in ${table} (X-Total-Count)`);
    if (!isLast) continue;
    if (found.size >= total) return complete([...found.values()]);
    return partial(found, `the integration user cannot see all of its records in ${table}`);
  }
  return partial(found, `${table} has more than ${limit * maxPages} records`);
}

const partial = (found: ReadonlyMap<string, FlatRecord>, reason: string): Reading<FlatRecord[]> => ({
  kind: 'partial',
  value: [...found.values()],
  reason,
});

function ask(call: ApiCaller, listQuery: ListQuery): Promise<TicketAnswer> {
  return call({
    method: 'GET',
    path: tablePath(listQuery.table),
    query: {
      sysparm_query: listQuery.query,
      sysparm_fields: listQuery.columns.join(','),
      sysparm_display_value: listQuery.displayValue,
      sysparm_exclude_reference_link: 'true',
      sysparm_limit: String(listQuery.limit),
      sysparm_offset: String(listQuery.offset ?? 0),
    },
  });
}

function toPage({ table, limit, offset = 0 }: ListQuery, answer: TicketAnswer): ListPage {
  if (isEmptyList(answer)) return { records: [], total: 0, isLast: true };
  requireWhole(`ServiceNow ${table}`, answer);
  const parsed = list.safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer(`ServiceNow ${table}`, answer);
  const { result: records } = parsed.data;
  const total = totalOf(answer);
  const hasNext = total === undefined ? records.length > 0 : offset + limit < total;
  return { records, total, isLast: !hasNext };
}

/** Older releases answer a list without a match with exactly this 404; any other 404 says nothing about the list. */
const isEmptyList = ({ status, json }: TicketAnswer) => status === 404 && noRecord.safeParse(json).success;
const noRecord = z.looseObject({
  error: z.looseObject({ message: z.literal('No Record found') }),
  result: z.undefined().optional(),
});

/**
 * ServiceNow answers a transaction that it cancelled with status 200, an `error`, and the part of `result` made so far.
 */
export function requireWhole(what: string, { status, json }: TicketAnswer): void {
  const hasError = typeof json === 'object' && json !== null && 'error' in json && json.error !== undefined;
  if (status < 400 && hasError) throw new TicketError('tickets-unavailable', `${what}: HTTP ${status} with an error`);
}

function totalOf({ headers }: TicketAnswer): number | undefined {
  const text = headers['x-total-count'];
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export const tablePath = (table: string, sysId?: string) =>
  `/api/now/table/${encodeURIComponent(table)}${sysId === undefined ? '' : `/${encodeURIComponent(sysId)}`}`;
