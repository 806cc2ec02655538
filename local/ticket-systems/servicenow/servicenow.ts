import { type Answer, startTicketServer, type TicketCall, type TicketServer, userOf } from '../http/http.ts';
import { journalHtml, ticketPage } from '../http/page.ts';
import type { StateFile } from '../http/state-file.ts';
import { type Row, runQuery } from './encoded-query.ts';
import { createTicket, onPersonsEdit } from './servicenow-people.ts';
import {
  createServiceNowStore,
  type ServiceNowState,
  type ServiceNowStore,
  stamp,
  stateLabel,
  sysId,
} from './servicenow-store.ts';

export type ServiceNowOptions = {
  port?: number;
  /** The integration user: the state model does nothing of its own when it edits. */
  user?: string;
  /** The password of every user, because people have accounts too. */
  password?: string;
  /** Inbound rate limit; default: none. */
  perMinute?: number;
  /** `false`: this user may not read `sys_audit`, as most may not. */
  auditReadable?: boolean;
  now?: () => number;
  /** Stores the state and restores it at the start; absent: in memory only. */
  state?: StateFile<ServiceNowState>;
};

export type ServiceNow = TicketServer & {
  store: ServiceNowStore;
  /** The comments of a ticket, oldest first. */
  notes(number: string): string[];
};

/**
 * A small ServiceNow: the Table API of change requests, tasks, requested items, approvals and audit, with its queries,
 * paging, display values, state model and errors (ServiceNow docs, "Table API"). For trying and testing.
 */
export async function startServiceNow(options: ServiceNowOptions = {}): Promise<ServiceNow> {
  const { user = 'zpa.changes', password = 'local', now = Date.now } = options;
  const store = createServiceNowStore(now, options.state?.read());
  const act = (call: TicketCall): Answer => {
    const by = userOf(call, password);
    if (by === undefined) {
      return failure(401, 'User Not Authenticated', 'Required to provide Auth information');
    }
    const [, table = '', id] = /^\/api\/now\/(?:v\d\/)?table\/([a-z_]+)(?:\/([0-9a-f]{32}))?$/.exec(call.path) ?? [];
    const rows = store.rowsOf(table);
    if (rows === undefined) return failure(400, `Invalid table ${table}`, '');
    if (table === 'sys_audit' && options.auditReadable === false) {
      return failure(403, 'User Not Authorized', 'Failed API level ACL Validation');
    }
    if (call.method === 'GET' && id === undefined) return list(store, rows, call);
    if (call.method === 'POST' && table === 'change_request' && id === undefined) {
      return { status: 201, json: { result: createTicket(store, textFields(call.body), by) } };
    }
    const row = rows.find((one) => one.sys_id === id);
    if (row === undefined)
      return failure(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
    if (call.method === 'GET') return { status: 200, json: { result: shown(store, row, call) } };
    if (call.method !== 'PATCH') return failure(405, 'Method not supported', '');
    const fields = textFields(call.body);
    const refusal = store.edit(table, row, fields, by);
    if (refusal !== undefined) return failure(403, refusal.message, refusal.detail);
    if (by !== user) onPersonsEdit(store, table, row, fields);
    return { status: 200, json: { result: shown(store, row, call) } };
  };
  const server = await startTicketServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.perMinute === undefined ? {} : { perMinute: options.perMinute }),
    now,
    act,
    onChange: () => options.state?.write(store.state()),
    page: () => pageOf(store),
    limited: { error: { message: 'Rate limit exceeded', detail: 'Too many requests' }, status: 'failure' },
  });
  return Object.assign(server, {
    store,
    notes: (number: string) => store.journalOf(sysId(number)).map(({ value }) => value),
  });
}

const failure = (status: number, message: string, detail: string): Answer => ({
  status,
  json: { error: { message, detail }, status: 'failure' },
});

const DEFAULT_LIMIT = 10_000;

function list(store: ServiceNowStore, rows: readonly Row[], call: TicketCall): Answer {
  const found = runQuery(rows, call.query.get('sysparm_query') ?? '');
  const limit = Number(call.query.get('sysparm_limit') ?? DEFAULT_LIMIT);
  const offset = Number(call.query.get('sysparm_offset') ?? 0);
  const page = found.slice(offset, offset + limit);
  const next = offset + limit < found.length ? `<${call.path}?sysparm_offset=${offset + limit}>;rel="next"` : '';
  return {
    status: 200,
    json: { result: page.map((row) => shown(store, row, call)) },
    headers: { 'x-total-count': String(found.length), ...(next === '' ? {} : { link: next }) },
  };
}

/** With `all` every column has both values; a column that is not there is not answered. */
function shown(store: ServiceNowStore, row: Row, { query }: TicketCall): Record<string, unknown> {
  const wanted = query.get('sysparm_fields')?.split(',') ?? Object.keys(row);
  const both = query.get('sysparm_display_value') === 'all';
  const columns = wanted.flatMap((name): [string, unknown][] => {
    if (name === 'work_notes' || name === 'comments') {
      const display = journalText(store, row, name);
      return [[name, both ? { display_value: display, value: '' } : '']];
    }
    const value = row[name];
    if (value === undefined) return [];
    return [[name, both ? { display_value: displayOf(name, value), value } : value]];
  });
  return Object.fromEntries(columns);
}

const displayOf = (name: string, value: string) => (name === 'state' ? stateLabel(value) : value);

/** All entries, the newest first, each under its author and time. */
function journalText(store: ServiceNowStore, row: Row, element: string): string {
  const label = element === 'comments' ? 'Additional comments' : 'Work notes';
  return store
    .journalOf(row.sys_id ?? '', element)
    .toReversed()
    .map(({ value, by, at }) => `${stamp(at)} - ${by} (${label})\n${value}\n\n`)
    .join('');
}

/** The columns of a request; everything is text in ServiceNow. */
function textFields(body: unknown): Row {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
}

function pageOf(store: ServiceNowStore): string {
  const tickets = store.tickets().map((row) => ({
    id: row.number ?? '',
    title: row.short_description ?? '',
    state: `${stateLabel(row.state ?? '')}${row.close_notes ? ` – ${row.close_notes}` : ''}`,
    entries: store.journalOf(row.sys_id ?? '').map(({ by, at, value }) => ({ by, at, html: journalHtml(value) })),
  }));
  return ticketPage('ServiceNow (simulated)', tickets);
}
