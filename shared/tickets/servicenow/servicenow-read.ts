import { complete, type Reading } from '../../domain/approval/reading.ts';
import type { ServiceNowConfiguration } from '../../domain/configuration/tickets-schema.ts';
import type { FieldChange, TicketApproval, TicketReader, TicketRecord } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { TicketError } from '../http/ticket-error.ts';
import { requireTicketId } from '../http/ticket-id.ts';
import {
  columnsOf,
  type FlatRecord,
  instantOf,
  listAllRecords,
  listRecords,
  plainValue,
  queryTime,
  storedValue,
  toNestedRecord,
} from './servicenow-records.ts';

/** Creates the reader of tickets from ServiceNow: the record, its approvals and the edits in its audit. */
export function createServiceNowReader(tickets: ServiceNowConfiguration, call: ApiCaller): TicketReader {
  const read = (id: string) => readTicket(tickets, call, id);
  return {
    read,
    listApproved: (since) => listApproved(tickets, call, since, read),
  };
}

/** Finds the table of a ticket by the letters that its number begins with. */
function tableOf({ tables }: Pick<ServiceNowConfiguration, 'tables'>, id: string): string {
  const letters = /^[A-Z]+/.exec(id)?.[0] ?? '';
  const found = Object.entries(tables).find(([prefix]) => prefix === letters)?.[1].table;
  if (found !== undefined) return found;
  throw new TicketError(
    'ticket-id',
    `The source's configuration names no table for tickets that begin with ${letters}.`,
  );
}

/** Finds the record of this number; undefined if there is none or this user may not read it. */
export async function findRecord(
  tickets: ServiceNowConfiguration,
  call: ApiCaller,
  id: string,
  columns: readonly string[],
): Promise<{ table: string; record: FlatRecord } | undefined> {
  const number = requireTicketId(tickets.idPattern, id);
  const table = tableOf(tickets, number);
  const query = { table, query: `number=${number}`, columns, displayValue: 'all', limit: 2 } as const;
  const found = await listRecords(call, query);
  const [record] = found.filter((one) => storedValue(one, 'number') === number);
  if (record === undefined || !/^[0-9a-f]{32}$/.test(storedValue(record, 'sys_id'))) return undefined;
  return { table, record };
}

async function readTicket(
  tickets: ServiceNowConfiguration,
  call: ApiCaller,
  id: string,
): Promise<TicketRecord | undefined> {
  const found = await findRecord(tickets, call, id, columnsOf(tickets));
  if (found === undefined) return undefined;
  const { table, record } = found;
  const sysId = storedValue(record, 'sys_id');
  const approvals = await readApprovals(call, [
    sysId,
    storedValue(record, 'change_request'),
    storedValue(record, 'request'),
  ]);
  const audit = await readAudit(call, [sysId, ...approvals.map(({ ref }) => ref)]);
  const requesters = REQUESTERS.map((name) => storedValue(record, name)).filter((name) => name !== '');
  return {
    id: storedValue(record, 'number'),
    payload: { table, record: toNestedRecord(record) },
    requesters: [...new Set(requesters)],
    approvals: datedByAudit(approvals, audit),
    history:
      audit === undefined ? NO_AUDIT : complete(audit.filter((one) => one.document === sysId).map(toFieldChange)),
  };
}

/** Columns that may hold the requester; the first that is filled in counts. */
const REQUESTERS = [
  'requested_by.user_name',
  'requested_for.user_name',
  'request.requested_for.user_name',
  'opened_by.user_name',
];

/**
 * `sysapproval_approver` holds one record per approver; its column `sysapproval` refers to the approved record
 * (ServiceNow docs, "Approvals"). Approvals of a task or requested item may belong to its parent change or request.
 */
async function readApprovals(call: ApiCaller, approved: readonly string[]): Promise<TicketApproval[]> {
  const ids = approved.filter((one) => /^[0-9a-f]{32}$/.test(one));
  const records = await listRecords(call, {
    table: 'sysapproval_approver',
    query: `sysapprovalIN${ids.join(',')}^state=approved^ORDERBYsys_updated_on`,
    columns: ['sys_id', 'approver.user_name', 'sys_updated_on'],
    displayValue: 'false',
    limit: 50,
  });
  return records.map((one) => ({
    by: plainValue(one, 'approver.user_name'),
    at: instantOf(plainValue(one, 'sys_updated_on')),
    ref: plainValue(one, 'sys_id'),
  }));
}

const NO_AUDIT: Reading<never> = {
  kind: 'unknown',
  reason: 'the integration user cannot read all of sys_audit',
};

type Edit = { document: string; field: string; value: string; by: string; at: string };

const AUDIT_PAGE = 500;
const AUDIT_PAGES = 10;

/**
 * `sys_audit` holds one record per edited column of audited tables; `documentkey` is the record's sys_id (ServiceNow
 * docs, "Sys audit"). undefined if this user may not read it or it has more than `AUDIT_PAGES` pages.
 */
async function readAudit(call: ApiCaller, documents: readonly string[]): Promise<Edit[] | undefined> {
  try {
    const records = await listAllRecords(
      call,
      {
        table: 'sys_audit',
        query: `documentkeyIN${documents.join(',')}^ORDERBYsys_created_on`,
        columns: ['documentkey', 'fieldname', 'newvalue', 'user', 'sys_created_on'],
        displayValue: 'false',
        limit: AUDIT_PAGE,
      },
      AUDIT_PAGES,
    );
    return records?.map((one) => ({
      document: plainValue(one, 'documentkey'),
      field: plainValue(one, 'fieldname'),
      value: plainValue(one, 'newvalue'),
      by: plainValue(one, 'user'),
      at: instantOf(plainValue(one, 'sys_created_on')),
    }));
  } catch (error) {
    if (error instanceof TicketError && error.code === 'tickets-refused') return undefined;
    throw error;
  }
}

/** Dates approvals by the audit, because a later edit of an approval's record changes its `sys_updated_on`. */
function datedByAudit(approvals: readonly TicketApproval[], audit: readonly Edit[] | undefined): TicketApproval[] {
  return approvals.map((one) => {
    const granted = (audit ?? []).filter(
      ({ document, field, value }) => document === one.ref && field === 'state' && value === 'approved',
    );
    return { ...one, at: granted.at(-1)?.at ?? one.at };
  });
}

/** The audit names a variable in a way that does not identify it, so its edit counts for all variables. */
function toFieldChange({ field, by, at }: Edit): FieldChange {
  const known = /^[a-z][a-z0-9_]*$/.test(field);
  return { field: known ? `record.${field}` : 'record.variables', by, at };
}

const PAGE = 100;
/**
 * ServiceNow reads a literal time in an encoded query in the time zone of the calling user, at most 14 hours from UTC.
 * The query therefore starts 14 hours early; stored values are UTC, so earlier records are left out here.
 */
const WIDEST_ZONE_MS = 14 * 60 * 60 * 1000;

async function* listApproved(
  tickets: ServiceNowConfiguration,
  call: ApiCaller,
  since: number,
  read: TicketReader['read'],
): AsyncGenerator<TicketRecord> {
  const pattern = new RegExp(`^(?:${tickets.idPattern})$`, 'u');
  const updatedSince = `sys_updated_on>=${queryTime(since - WIDEST_ZONE_MS)}`;
  for (const { table } of Object.values(tickets.tables)) {
    const query = `${tickets.approvedQuery}^${updatedSince}^ORDERBYsys_created_on`;
    const listQuery = {
      table,
      query,
      columns: ['number', 'sys_updated_on'],
      displayValue: 'all',
      limit: PAGE,
    } as const;
    for (let offset = 0; ; offset += PAGE) {
      const page = await listRecords(call, { ...listQuery, offset });
      for (const record of page) {
        const number = storedValue(record, 'number');
        if (Date.parse(instantOf(storedValue(record, 'sys_updated_on'))) < since || !pattern.test(number)) continue;
        const ticket = await read(number);
        if (ticket !== undefined) yield ticket;
      }
      if (page.length < PAGE) break;
    }
  }
}
