import { ACTION_CHOICES } from '../../../shared/domain/mapping/presets/action-words.ts';
import type { TicketDesk } from '../desk/desk.ts';
import type { FormField } from '../desk/desk-forms.ts';
import { codedJournalHtml, type ShownAct, type ShownTicket } from '../desk/ticket-page.ts';
import type { Row } from './encoded-query.ts';
import { createTicket, onPersonsEdit, REQUESTER } from './servicenow-people.ts';
import type { ServiceNowStore } from './servicenow-store.ts';
import { stateLabel, TICKET_TABLES, tableOf } from './servicenow-tables.ts';

const FORM: readonly FormField[] = [
  { name: 'short_description', label: 'Short description' },
  { name: 'u_zpa_action', label: 'ZPA action', options: ACTION_CHOICES },
  { name: 'u_zpa_group', label: 'ZPA group' },
  { name: 'u_zpa_applications_to_add', label: 'ZPA applications to add', isLong: true },
  { name: 'u_zpa_applications_to_remove', label: 'ZPA applications to remove', isLong: true },
  { name: 'u_zpa_new_name', label: 'ZPA new name' },
  { name: 'u_zpa_description', label: 'ZPA description' },
  { name: 'start_date', label: 'Planned start date (UTC)', hint: '2026-12-01 20:00:00' },
  { name: 'end_date', label: 'Planned end date (UTC)', hint: '2026-12-01 22:00:00' },
];

type StateActs = Record<string, { label: string; to: string }>;

const CHANGE_ACTS: StateActs = {
  '-5': { label: 'Request Approval', to: '-4' },
  '-2': { label: 'Implement', to: '-1' },
  '0': { label: 'Close', to: '3' },
};
const WORK_ACTS: StateActs = { '1': { label: 'Start work', to: '2' }, '2': { label: 'Close', to: '3' } };

/**
 * The tickets as their pages show them: a requester who files and moves them, and the approvers. The form files change requests;
 * items and tasks come by the Table API, as a catalog or a change would make them.
 */
export function createServiceNowDesk(store: ServiceNowStore): TicketDesk {
  const find = (id: string) => store.tickets().find(({ number }) => number === id);
  const approvalsOf = (row: Row) =>
    (store.rowsOf('sysapproval_approver') ?? []).filter(({ sysapproval }) => sysapproval === row.sys_id);
  const edit = (table: string, row: Row, fields: Row, by: string) => {
    const isDone = store.edit(table, row, fields, by) === undefined;
    if (isDone) onPersonsEdit(store, table, row, fields);
    return isDone;
  };
  const actsOf = (row: Row): ShownAct[] => {
    const asked = approvalsOf(row).filter(({ state }) => state === 'requested' && row.approval === 'requested');
    const next = (tableOf(row) === 'change_request' ? CHANGE_ACTS : WORK_ACTS)[row.state ?? ''];
    const requester = row['requested_by.user_name'] ?? REQUESTER;
    return [
      ...asked.flatMap(({ sys_id, 'approver.user_name': as = '' }) => [
        { act: `approved ${sys_id}`, label: 'Approve', as },
        { act: `rejected ${sys_id}`, label: 'Reject', as },
      ]),
      ...(next === undefined ? [] : [{ act: `state ${next.to}`, label: next.label, as: requester }]),
      ...(isOver(row) ? [] : [{ act: 'state 4', label: 'Cancel', as: requester }]),
    ];
  };
  return {
    title: 'ServiceNow (simulated)',
    words: {
      title: 'Business rule',
      says: 'Sends a change, signed as Standard Webhooks, whenever a person saves it on these pages.',
      address: 'ADDRESS, the first line of the script',
      secret: 'Password of the credential record, with whsec_',
    },
    form: FORM,
    tickets: () =>
      store
        .tickets()
        .toReversed()
        .map((row) => shownTicket(store, row, approvalsOf(row), actsOf(row))),
    valuesOf: (id) => find(id),
    save(id, values) {
      const fields = Object.fromEntries(
        FORM.map(({ name }) => [name, (values[name] ?? '').replaceAll('\r\n', '\n')]),
      ) as Row;
      const row = id === undefined ? undefined : find(id);
      if (row === undefined) return createTicket(store, 'change_request', fields, REQUESTER).number ?? '';
      edit(tableOf(row), row, fields, row['requested_by.user_name'] ?? REQUESTER);
      return row.number ?? '';
    },
    act(id, act) {
      const row = find(id);
      const offered = row === undefined ? undefined : actsOf(row).find((one) => one.act === act);
      if (row === undefined || offered === undefined) return false;
      const [what = '', to = ''] = act.split(' ');
      if (what === 'state') return edit(tableOf(row), row, { state: to }, offered.as);
      const approval = approvalsOf(row).find(({ sys_id }) => sys_id === to);
      return approval !== undefined && edit('sysapproval_approver', approval, { state: what }, offered.as);
    },
  };
}

const isOver = ({ state = '' }: Row) => ['0', '3', '4', '7'].includes(state);

/** ServiceNow's own times are UTC. */
const instantOf = (stamp: string | undefined) => Date.parse(`${(stamp ?? '').replace(' ', 'T')}Z`);

function shownTicket(store: ServiceNowStore, row: Row, approvals: readonly Row[], acts: ShownAct[]): ShownTicket {
  const closing = ['close_code', 'close_notes'].map((name) => ({
    name,
    label: name === 'close_code' ? 'Close code' : 'Close notes',
  }));
  const fields = [...FORM.slice(1), ...closing].flatMap(({ name, label }) => {
    const value = row[name] ?? '';
    return value === '' ? [] : [[label, value] as const];
  });
  return {
    id: row.number ?? '',
    title: row.short_description ?? '',
    state: stateLabel(row),
    requester: row['requested_by.user_name'] ?? '',
    fields: [['Type', TICKET_TABLES[tableOf(row)]?.title ?? ''], ['Approval', row.approval ?? ''], ...fields],
    approvals: approvals.map((one) => ({
      by: one['approver.user_name'] ?? '',
      state: one.state ?? '',
      at: one.state === 'requested' ? undefined : instantOf(one.sys_updated_on),
    })),
    acts,
    entries: store.journalOf(row.sys_id ?? '').map(({ by, at, value }) => ({ by, at, html: codedJournalHtml(value) })),
  };
}
