import type { Answer, TicketCall } from '../http/http.ts';
import { type Row, runQuery } from './encoded-query.ts';
import { type ServiceNowStore, stamp } from './servicenow-store.ts';
import { stateLabel } from './servicenow-tables.ts';

/** How this instance treats its callers beside the rules; each may be switched at any time. */
export type ServiceNowHabits = {
  /**
   * An ACL hides this row from the caller. ACLs filter rows after the query: a page becomes shorter, and the
   * headers still count every row.
   */
  hides: (table: string, row: Row) => boolean;
  /** Answers a list without a match with 404, as older releases do. */
  emptyIs404: boolean;
  /** Leaves out `X-Total-Count` and `Link`, as with `sysparm_no_count` or behind a gateway. */
  uncounted: boolean;
  /** Answers every call with the page of a hibernating instance. */
  hibernates: boolean;
  /** Cancels the transaction of a list of this table after that many rows: `error` stands beside `result`. */
  cancelsAfter: Record<string, number>;
};

export const usualHabits = (): ServiceNowHabits => ({
  hides: () => false,
  emptyIs404: false,
  uncounted: false,
  hibernates: false,
  cancelsAfter: {},
});

/** A hibernating developer instance answers 200 with a page, to reads and writes alike. */
export const HIBERNATING: Answer = {
  status: 200,
  html: '<!doctype html><html><title>Instance Hibernating page</title><body>Your instance is hibernating.</body></html>',
};

/** An error as the Table API puts it. */
export const failure = (status: number, message: string, detail: string): Answer => ({
  status,
  json: { error: { message, detail }, status: 'failure' },
});

export const noRecord = () =>
  failure(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");

const DEFAULT_LIMIT = 10_000;

/** Answers one page of a list. */
export function list(store: ServiceNowStore, habits: ServiceNowHabits, table: string, call: TicketCall): Answer {
  const query = call.query.get('sysparm_query') ?? '';
  const found = runQuery(store.rowsOf(table) ?? [], query, (row, name) => valueAt(store, row, name));
  const limit = Number(call.query.get('sysparm_limit') ?? DEFAULT_LIMIT);
  const offset = Number(call.query.get('sysparm_offset') ?? 0);
  const page = found.slice(offset, offset + limit).filter((row) => !habits.hides(table, row));
  if (found.length === 0 && habits.emptyIs404) return noRecord();
  const headers = habits.uncounted ? {} : countHeaders(call, { limit, offset, total: found.length });
  const cancelledAt = habits.cancelsAfter[table];
  const result = page.slice(0, cancelledAt).map((row) => shown(store, row, call));
  if (cancelledAt === undefined) return { status: 200, json: { result }, headers };
  const cancelled = 'Transaction cancelled: maximum execution time exceeded';
  return { status: 200, json: { result, ...Object(failure(200, cancelled, cancelled).json) }, headers };
}

function countHeaders({ path }: TicketCall, { limit, offset, total }: Record<'limit' | 'offset' | 'total', number>) {
  const last = Math.max(0, Math.ceil(total / limit) - 1) * limit;
  const links = [
    ['first', 0, true],
    ['prev', offset - limit, offset > 0],
    ['next', offset + limit, offset < last],
    ['last', last, true],
  ] as const;
  const link = links
    .filter(([, , shows]) => shows)
    .map(([rel, at]) => `<${path}?sysparm_limit=${limit}&sysparm_offset=${at}>;rel="${rel}"`)
    .join(',');
  return { 'x-total-count': String(total), ...(total > limit ? { link } : {}) };
}

/** With `all` every column has both values; a column that is not there is not answered. */
export function shown(store: ServiceNowStore, row: Row, { query }: Pick<TicketCall, 'query'>): Record<string, unknown> {
  const wanted = query.get('sysparm_fields')?.split(',') ?? Object.keys(row);
  const both = query.get('sysparm_display_value') === 'all';
  const columns = wanted.flatMap((name): [string, unknown][] => {
    if (name === 'work_notes' || name === 'comments') {
      const display = journalText(store, row, name);
      return [[name, both ? { display_value: display, value: '' } : '']];
    }
    const value = valueAt(store, row, name);
    if (value === undefined) return [];
    return [[name, both ? { display_value: name === 'state' ? stateLabel(row) : value, value } : value]];
  });
  return Object.fromEntries(columns);
}

/** A dotted name leads through a reference to a column of another record. */
function valueAt(store: ServiceNowStore, row: Row, name: string): string | undefined {
  const [, link = '', column = ''] = /^([^.]+)\.(.+)$/.exec(name) ?? [];
  const referenced = row[link];
  if (row[name] !== undefined || referenced === undefined) return row[name];
  const other = store.tickets().find(({ sys_id }) => sys_id === referenced);
  return other === undefined ? undefined : valueAt(store, other, column);
}

/** All entries, the newest first, each under its author and time. */
function journalText(store: ServiceNowStore, row: Row, element: string): string {
  const label = element === 'comments' ? 'Additional comments' : 'Work notes';
  return store
    .journalOf(row.sys_id ?? '', element)
    .toReversed()
    .map(({ value, by, at }) => `${stamp(at)} - ${by} (${label})\n${value}\n\n`)
    .join('');
}
