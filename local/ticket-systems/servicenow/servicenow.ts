import { answerDesk } from '../desk/desk.ts';
import { createSender } from '../desk/sender.ts';
import { type Answer, startTicketServer, type TicketCall, type TicketServer, userOf } from '../http/http.ts';
import type { StateFile } from '../http/state-file.ts';
import type { Row } from './encoded-query.ts';
import { createServiceNowDesk } from './servicenow-desk.ts';
import { createTicket, onPersonsEdit } from './servicenow-people.ts';
import { createServiceNowStore, type ServiceNowState, type ServiceNowStore, sysId } from './servicenow-store.ts';
import { isTicketTable, tableOf } from './servicenow-tables.ts';
import { failure, HIBERNATING, list, noRecord, type ServiceNowHabits, shown, usualHabits } from './table-answers.ts';

/** An account that may read and not write. */
const READER = 'zpa.reader';

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
  habits: ServiceNowHabits;
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
  const habits = usualHabits();
  const act = (call: TicketCall): Answer => {
    if (habits.hibernates) return HIBERNATING;
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
    if (by === READER && call.method !== 'GET') {
      return failure(403, 'Operation Failed', 'ACL Exception Update Failed due to security constraints');
    }
    if (call.method === 'GET' && id === undefined) return list(store, habits, table, call);
    if (call.method === 'POST' && isTicketTable(table) && id === undefined) {
      return { status: 201, json: { result: createTicket(store, table, textFields(call.body), by) } };
    }
    const row = rows.find((one) => one.sys_id === id && !habits.hides(table, one));
    if (row === undefined) return noRecord();
    if (call.method === 'GET') return { status: 200, json: { result: shown(store, row, call) } };
    if (call.method !== 'PATCH') return failure(405, 'Method not supported', '');
    const fields = textFields(call.body);
    const refusal = store.edit(table, row, fields, by);
    if (refusal !== undefined) return failure(403, refusal.message, refusal.detail);
    if (by !== user) onPersonsEdit(store, table, row, fields);
    return { status: 200, json: { result: shown(store, row, call) } };
  };
  const desk = createServiceNowDesk(store);
  const sender = createSender({ scheme: 'standard-webhooks', now, payloadOf: (number) => ruleBody(store, number) });
  const server = await startTicketServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.perMinute === undefined ? {} : { perMinute: options.perMinute }),
    now,
    act,
    onChange: () => options.state?.write(store.state()),
    page: (call) => answerDesk(desk, sender, call),
    limited: { error: { message: 'Rate limit exceeded', detail: 'Too many requests' }, status: 'failure' },
  });
  return Object.assign(server, {
    store,
    habits,
    notes: (number: string) => store.journalOf(sysId(number)).map(({ value }) => value),
  });
}

/** The body that the business rule sends for a ticket. */
function ruleBody(store: ServiceNowStore, number: string) {
  const row = store.tickets().find((one) => one.number === number);
  if (row === undefined) return undefined;
  const query = new URLSearchParams({ sysparm_display_value: 'all' });
  return { table: tableOf(row), record: shown(store, row, { query }) };
}

/** The columns of a request; everything is text in ServiceNow. */
function textFields(body: unknown): Row {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
}
