import type { Row } from './encoded-query.ts';
import { type ServiceNowStore, sysId } from './servicenow-store.ts';
import { TICKET_TABLES, tableOf } from './servicenow-tables.ts';

/** The person who files changes on the pages. */
export const REQUESTER = 'kim.adeyemi';
/** The approver of every submitted change. */
const APPROVER = 'lena.brandt';

/**
 * A person files a ticket (Table API, POST), requested by that person: a change is New and normal by default; an item is open, and
 * its approval is asked for at once; a task is open.
 */
export function createTicket(store: ServiceNowStore, table: string, fields: Row, by: string): Row {
  const { short_description: title = '', number = nextNumber(store, table), ...others } = fields;
  const isChange = table === 'change_request';
  const columns = isChange ? { type: 'normal', start_date: '', end_date: '', ...others } : others;
  const state = TICKET_TABLES[table]?.born ?? '';
  store.addTicket({ number, title, table, state, requestedBy: by, fields: columns });
  const row = store.rowsOf(table)?.at(-1);
  if (row === undefined) throw new Error('the ticket was just added');
  if (table === 'sc_req_item') askForApproval(store, row);
  return { ...row };
}

function nextNumber(store: ServiceNowStore, table: string): string {
  const { letters = '', firstNumber = 1 } = TICKET_TABLES[table] ?? {};
  const taken = (store.rowsOf(table) ?? []).flatMap(({ number = '' }) =>
    number.startsWith(letters) && /^\d+$/.test(number.slice(letters.length))
      ? [Number(number.slice(letters.length))]
      : [],
  );
  return `${letters}${String(Math.max(firstNumber - 1, ...taken) + 1).padStart(7, '0')}`;
}

/**
 * ServiceNow's change flow when a person acts: Assess requests an approval, an approver's decision becomes the
 * change's, approved changes are Scheduled ("State model and transitions", "Approvals", ServiceNow docs). One approver
 * is requested here, once.
 */
export function onPersonsEdit(store: ServiceNowStore, table: string, row: Row, fields: Row): void {
  if (table === 'change_request' && fields.state === '-4') askForApproval(store, row);
  if (table === 'sysapproval_approver') takeWord(store, row);
}

function askForApproval(store: ServiceNowStore, row: Row): void {
  const approvals = store.rowsOf('sysapproval_approver');
  store.edit(tableOf(row), row, { approval: 'requested' }, 'system');
  store.addApproval(sysId(`asked ${row.number} ${approvals?.length ?? 0}`), row, APPROVER);
}

function takeWord(store: ServiceNowStore, { sysapproval, state = '' }: Row): void {
  const ticket = store.tickets().find(({ sys_id }) => sys_id === sysapproval);
  if (ticket === undefined || !['approved', 'rejected'].includes(state)) return;
  store.edit(tableOf(ticket), ticket, { approval: state }, 'system');
  if (state === 'rejected' || tableOf(ticket) !== 'change_request') return;
  for (const next of ['-3', '-2']) store.edit('change_request', ticket, { state: next }, 'system');
}
