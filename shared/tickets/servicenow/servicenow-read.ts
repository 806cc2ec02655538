import type { ServiceNowConfiguration } from '../../domain/configuration/tickets-schema.ts';
import type { FieldChange, TicketApproval, TicketReader, TicketRecord } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { TicketError } from '../http/ticket-error.ts';
import { checkedTicketId } from '../http/ticket-id.ts';
import {
  columnsOf,
  type FlatRecord,
  instantOf,
  listAll,
  listRecords,
  nested,
  plain,
  queryTime,
  stored,
} from './servicenow-records.ts';

/** Reads tickets back from ServiceNow: the record, its approvals and what its audit says of edits. */
export function createServiceNowReader(tickets: ServiceNowConfiguration, call: ApiCaller): TicketReader {
  const read = (id: string) => readTicket(tickets, call, id);
  return {
    read,
    listApproved: (since) => listApproved(tickets, call, since, read),
  };
}

/** The table that numbers like this one belong to. */
function tableOf({ tables }: Pick<ServiceNowConfiguration, 'tables'>, id: string): string {
  const letters = /^[A-Z]+/.exec(id)?.[0] ?? '';
  const found = Object.entries(tables).find(([prefix]) => prefix === letters)?.[1].table;
  if (found !== undefined) return found;
  throw new TicketError(
    'ticket-id',
    `The source's configuration names no table for tickets that begin with ${letters}.`,
  );
}

/** The one record of this number; undefined if there is none, or none that this user may see. */
export async function findRecord(
  tickets: ServiceNowConfiguration,
  call: ApiCaller,
  id: string,
  columns: readonly string[],
): Promise<{ table: string; record: FlatRecord } | undefined> {
  const number = checkedTicketId(tickets.idPattern, id);
  const table = tableOf(tickets, number);
  const asked = { table, query: `number=${number}`, columns, displayValue: 'all', limit: 2 } as const;
  const found = await listRecords(call, asked);
  const [record] = found.filter((one) => stored(one, 'number') === number);
  if (record === undefined || !/^[0-9a-f]{32}$/.test(stored(record, 'sys_id'))) return undefined;
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
  const sysId = stored(record, 'sys_id');
  const approvals = await readApprovals(call, [sysId, stored(record, 'change_request'), stored(record, 'request')]);
  const audit = await readAudit(call, [sysId, ...approvals.map(({ ref }) => ref)]);
  const requestedBy = REQUESTERS.map((name) => stored(record, name)).find((name) => name !== '');
  return {
    id: stored(record, 'number'),
    payload: { table, record: nested(record) },
    ...(requestedBy === undefined ? {} : { requestedBy }),
    approvals: datedByAudit(approvals, audit),
    fieldChanges: audit?.filter((one) => one.document === sysId).map(toFieldChange),
  };
}

/** The first that is filled in asked for it. */
const REQUESTERS = [
  'requested_by.user_name',
  'requested_for.user_name',
  'request.requested_for.user_name',
  'opened_by.user_name',
];

/**
 * `sysapproval_approver` holds one record per approver; `sysapproval` is what is approved (ServiceNow docs, "Approvals").
 * A task's and a requested item's approvals may stand on the change or request above it.
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
    by: plain(one, 'approver.user_name'),
    at: instantOf(plain(one, 'sys_updated_on')),
    ref: plain(one, 'sys_id'),
  }));
}

type Edit = { document: string; field: string; value: string; by: string; at: string };

const AUDIT_PAGE = 500;
const AUDIT_PAGES = 10;

/**
 * `sys_audit`: one record per edited column of audited tables, `documentkey` the record's sys_id (ServiceNow docs, "Sys
 * audit"). undefined if this user may not read it, or there is more than anybody would read.
 */
async function readAudit(call: ApiCaller, documents: readonly string[]): Promise<Edit[] | undefined> {
  try {
    const records = await listAll(
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
      document: plain(one, 'documentkey'),
      field: plain(one, 'fieldname'),
      value: plain(one, 'newvalue'),
      by: plain(one, 'user'),
      at: instantOf(plain(one, 'sys_created_on')),
    }));
  } catch (error) {
    if (error instanceof TicketError && error.code === 'tickets-refused') return undefined;
    throw error;
  }
}

/** A later edit of an approval's record moves its `sys_updated_on`: its audit knows when it was granted. */
function datedByAudit(approvals: readonly TicketApproval[], audit: readonly Edit[] | undefined): TicketApproval[] {
  return approvals.map((one) => {
    const granted = (audit ?? []).filter(
      ({ document, field, value }) => document === one.ref && field === 'state' && value === 'approved',
    );
    return { ...one, at: granted.at(-1)?.at ?? one.at };
  });
}

/** A variable is audited under a name that does not tell which one it is. */
function toFieldChange({ field, by, at }: Edit): FieldChange {
  const known = /^[a-z][a-z0-9_]*$/.test(field);
  return { field: known ? `record.${field}` : 'record.variables', by, at };
}

const PAGE = 100;
/**
 * An encoded query's literal time is read in the zone of the user who asks; the widest one is 14 hours off UTC. Stored
 * values are UTC, so the rest is left out here.
 */
const WIDEST_ZONE_MS = 14 * 60 * 60 * 1000;

async function* listApproved(
  tickets: ServiceNowConfiguration,
  call: ApiCaller,
  since: number,
  read: TicketReader['read'],
): AsyncGenerator<TicketRecord> {
  const pattern = new RegExp(`^(?:${tickets.idPattern})$`, 'u');
  const touched = `sys_updated_on>=${queryTime(since - WIDEST_ZONE_MS)}`;
  for (const { table } of Object.values(tickets.tables)) {
    const query = `${tickets.approvedQuery}^${touched}^ORDERBYsys_created_on`;
    const asked = { table, query, columns: ['number', 'sys_updated_on'], displayValue: 'all', limit: PAGE } as const;
    for (let offset = 0; ; offset += PAGE) {
      const page = await listRecords(call, { ...asked, offset });
      for (const record of page) {
        const number = stored(record, 'number');
        if (Date.parse(instantOf(stored(record, 'sys_updated_on'))) < since || !pattern.test(number)) continue;
        const ticket = await read(number);
        if (ticket !== undefined) yield ticket;
      }
      if (page.length < PAGE) break;
    }
  }
}
