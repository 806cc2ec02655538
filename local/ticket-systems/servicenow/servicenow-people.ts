import type { Row } from './encoded-query.ts';
import { type ServiceNowStore, sysId } from './servicenow-store.ts';

/** The person who files changes on the pages. */
export const REQUESTER = 'kim.adeyemi';
/** The approver of every submitted change. */
const APPROVER = 'lena.brandt';
const FIRST_NUMBER = 40_001;

/** A person files a change request (Table API, POST): New, normal by default, requested by the person who files it. */
export function createTicket(store: ServiceNowStore, fields: Row, by: string): Row {
  const { short_description: title = '', number = nextNumber(store), ...others } = fields;
  const columns = { type: 'normal', start_date: '', end_date: '', ...others };
  store.addTicket({ number, title, state: '-5', requestedBy: by, fields: columns });
  return store.ticket(number);
}

function nextNumber(store: ServiceNowStore): string {
  const taken = store.tickets().map(({ number = '' }) => Number(/^CHG(\d+)$/.exec(number)?.[1] ?? 0));
  return `CHG${String(Math.max(FIRST_NUMBER - 1, ...taken) + 1).padStart(7, '0')}`;
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
  store.edit('change_request', row, { approval: 'requested' }, 'system');
  store.addApproval(sysId(`asked ${row.number} ${approvals?.length ?? 0}`), row, APPROVER);
}

function takeWord(store: ServiceNowStore, { sysapproval, state = '' }: Row): void {
  const ticket = store.rowsOf('change_request')?.find(({ sys_id }) => sys_id === sysapproval);
  if (ticket === undefined || !['approved', 'rejected'].includes(state)) return;
  store.edit('change_request', ticket, { approval: state }, 'system');
  if (state === 'rejected') return;
  for (const next of ['-3', '-2']) store.edit('change_request', ticket, { state: next }, 'system');
}
