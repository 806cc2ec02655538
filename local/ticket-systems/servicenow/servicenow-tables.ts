import type { Row } from './encoded-query.ts';

/** Why a record is not changed, as a business rule or data policy puts it. */
export type Refusal = { message: string; detail: string };

type State = { label: string; next?: string[] };

type TicketTable = {
  /** The kind of ticket in people's words. */
  title: string;
  /** The letters that its numbers begin with. */
  letters: string;
  firstNumber: number;
  /** The state of a new ticket. */
  born: string;
  states: Record<string, State>;
};

/** The tables of tickets (ServiceNow docs: "State model and transitions"; the choices of `state` of the two others). */
export const TICKET_TABLES: Record<string, TicketTable> = {
  change_request: {
    ...{ title: 'Change request', letters: 'CHG', firstNumber: 40_001, born: '-5' },
    // Each state and where it leads; Canceled is reached from any.
    states: {
      '-5': { label: 'New', next: ['-4'] },
      '-4': { label: 'Assess', next: ['-3'] },
      '-3': { label: 'Authorize', next: ['-2'] },
      '-2': { label: 'Scheduled', next: ['-1'] },
      '-1': { label: 'Implement', next: ['0'] },
      '0': { label: 'Review', next: ['3'] },
      '3': { label: 'Closed', next: [] },
      '4': { label: 'Canceled', next: [] },
    },
  },
  change_task: {
    ...{ title: 'Change task', letters: 'CTASK', firstNumber: 10_001, born: '1' },
    states: {
      '-5': { label: 'Pending' },
      '1': { label: 'Open' },
      '2': { label: 'In Progress' },
      '3': { label: 'Closed' },
      '4': { label: 'Canceled' },
    },
  },
  sc_req_item: {
    ...{ title: 'Requested item', letters: 'RITM', firstNumber: 10_001, born: '1' },
    states: {
      '-5': { label: 'Pending' },
      '1': { label: 'Open' },
      '2': { label: 'Work in Progress' },
      '3': { label: 'Closed Complete' },
      '4': { label: 'Closed Incomplete' },
      '7': { label: 'Closed Skipped' },
    },
  },
};

export const isTicketTable = (table: string) => Object.hasOwn(TICKET_TABLES, table);

/** The table in which ServiceNow keeps numbers that begin so. */
export function tableOfNumber(number: string): string {
  const letters = /^[A-Z]+/.exec(number)?.[0];
  const found = Object.entries(TICKET_TABLES).find(([, one]) => one.letters === letters);
  if (found === undefined) throw new Error(`no table for ${number}`);
  return found[0];
}

export const tableOf = ({ sys_class_name = '' }: Row) => sys_class_name;

export const stateLabel = (row: Row) => {
  const value = row.state ?? '';
  return TICKET_TABLES[tableOf(row)]?.states[value]?.label ?? value;
};

/** A closed change carries its close code. */
const CLOSING_FIELDS = ['close_code', 'close_notes'];

/** The state model of changes, and the data policy of closing them. */
export function refuseEdit(table: string, row: Row, fields: Row): Refusal | undefined {
  const { state } = fields;
  if (table !== 'change_request' || state === undefined || state === row.state) return undefined;
  const detail = "Operation against file 'change_request' was aborted by Business Rule";
  const next = TICKET_TABLES[table]?.states[row.state ?? '']?.next;
  const reachable = state === '4' || next?.includes(state) === true;
  if (!reachable) return { message: 'Operation Failed', detail: `${detail} 'Change Model: Check State Transition'` };
  const lacking = CLOSING_FIELDS.filter((field) => ((fields[field] ?? row[field]) || '') === '');
  if (state !== '3' || lacking.length === 0) return undefined;
  return { message: 'Operation Failed', detail: `Data Policy Exception: ${lacking.join(', ')} are mandatory` };
}
