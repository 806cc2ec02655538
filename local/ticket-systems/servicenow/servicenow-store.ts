import { createHash } from 'node:crypto';
import type { Row } from './encoded-query.ts';
import { type Refusal, refuseEdit, TICKET_TABLES, tableOfNumber } from './servicenow-tables.ts';

/** ServiceNow's own clock: `2026-11-30 08:15:00`, UTC. */
export const stamp = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** 32 hex characters, the same for the same thing. */
export const sysId = (of: string) => createHash('md5').update(of).digest('hex');

export type NewTicket = {
  number: string;
  /** Default: one of the number. ServiceNow does not keep numbers unique. */
  sysId?: string;
  title: string;
  /** Default: the one that has numbers of these letters. */
  table?: string;
  /** Value of `state`; default: Implement. */
  state?: string;
  /** User name. */
  requestedBy?: string;
  /** Other columns, `variables.NAME` among them. */
  fields?: Record<string, string>;
};

type JournalEntry = { record: string; element: string; value: string; by: string; at: number };

export type ServiceNowState = { tables: [string, Row[]][]; journal: JournalEntry[] };

/** The records of a small ServiceNow; `state`: as an earlier one left them. */
export function createServiceNowStore(now: () => number, state?: ServiceNowState) {
  const tables = new Map<string, Row[]>(state?.tables);
  const journal: JournalEntry[] = [...(state?.journal ?? [])];
  const rowsOf = (table: string) => tables.get(table);
  for (const table of [...Object.keys(TICKET_TABLES), 'sysapproval_approver', 'sys_audit']) {
    if (!tables.has(table)) tables.set(table, []);
  }

  function add(table: string, row: Row): Row {
    const at = stamp(now());
    const whole = { sys_created_on: at, sys_updated_on: at, ...row };
    tables.get(table)?.push(whole);
    return whole;
  }

  function audit(table: string, row: Row, field: string, value: string, by: string): void {
    add('sys_audit', {
      sys_id: sysId(`audit ${tables.get('sys_audit')?.length ?? 0}`),
      tablename: table,
      documentkey: row.sys_id ?? '',
      // ServiceNow's audit names a variable by its id and not by its name.
      fieldname: field.startsWith('variables.') ? `variables.${sysId(field)}` : field,
      oldvalue: row[field] ?? '',
      newvalue: value,
      user: by,
    });
  }

  function edit(table: string, row: Row, fields: Row, by: string): Refusal | undefined {
    const refusal = refuseEdit(table, row, fields);
    if (refusal !== undefined) return refusal;
    for (const [field, value] of Object.entries(fields)) {
      if (field === 'work_notes' || field === 'comments') {
        journal.push({ record: row.sys_id ?? '', element: field, value, by, at: now() });
        audit(table, row, field, value, by);
        continue;
      }
      if (row[field] === value) continue;
      audit(table, row, field, value, by);
      row[field] = value;
    }
    row.sys_updated_on = stamp(now());
    row.sys_updated_by = by;
    row.sys_mod_count = String(Number(row.sys_mod_count ?? '0') + 1);
    return undefined;
  }

  const find = (number: string) => {
    for (const [table, rows] of tables) {
      const row = rows.find((one) => one.number === number);
      if (row !== undefined) return { table, row };
    }
    throw new Error(`there is no ticket ${number}`);
  };

  return {
    rowsOf,
    edit,
    journalOf: (record: string, element?: string) =>
      journal.filter((one) => one.record === record && (element === undefined || one.element === element)),
    addTicket({ number, sysId: id = sysId(number), title, ...others }: NewTicket): void {
      const { state = '-1', requestedBy = 'kim.adeyemi', fields = {}, table = tableOfNumber(number) } = others;
      add(table, {
        sys_id: id,
        number,
        sys_class_name: table,
        short_description: title,
        state,
        approval: 'not requested',
        active: 'true',
        on_hold: 'false',
        requested_by: sysId(`user ${requestedBy}`),
        'requested_by.user_name': requestedBy,
        sys_created_by: requestedBy,
        sys_updated_by: requestedBy,
        sys_mod_count: '0',
        close_code: '',
        close_notes: '',
        ...fields,
      });
    },
    /** A person's edit. */
    change(number: string, fields: Row, by: string): Refusal | undefined {
      const { table, row } = find(number);
      return edit(table, row, fields, by);
    },
    /** Requests an approval. */
    addApproval(id: string, row: Row, approver: string): Row {
      const approval = {
        sys_id: id,
        sysapproval: row.sys_id ?? '',
        'approver.user_name': approver,
        state: 'requested',
      };
      return add('sysapproval_approver', approval);
    },
    /** Records an approval, and with it the ticket is approved; answers the approval's sys_id. */
    approve(number: string, by: string): string {
      const { table, row } = find(number);
      const id = sysId(`approval ${number} ${tables.get('sysapproval_approver')?.length ?? 0}`);
      const approval = add('sysapproval_approver', {
        sys_id: id,
        sysapproval: row.sys_id ?? '',
        'approver.user_name': by,
        state: 'requested',
      });
      edit('sysapproval_approver', approval, { state: 'approved' }, by);
      edit(table, row, { approval: 'approved' }, by);
      return id;
    },
    ticket: (number: string): Row => ({ ...find(number).row }),
    state: (): ServiceNowState => ({ tables: [...tables], journal }),
    tickets: () => Object.keys(TICKET_TABLES).flatMap((table) => rowsOf(table) ?? []),
  };
}

export type ServiceNowStore = ReturnType<typeof createServiceNowStore>;
