import { isDeepStrictEqual } from 'node:util';
import type { Gate } from '../../domain/approval/approval-schema.ts';
import type { ServiceNowConfiguration } from '../../domain/configuration/tickets-schema.ts';
import type { TicketApproval, TicketReader, TicketRecord } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { TicketError } from '../http/ticket-error.ts';
import { requireTicketId } from '../http/ticket-id.ts';
import { type ApprovedQuery, approvedQueryOf } from './approved-query.ts';
import { isGranted, isMoved, readApprovals, rejectionsIn, toTicketApproval } from './servicenow-approvals.ts';
import { type AuditEdit, readAudit } from './servicenow-audit.ts';
import { toHistory } from './servicenow-history.ts';
import { listRecords, tryList } from './servicenow-list.ts';
import {
  APPROVED_PARENTS,
  columnsOf,
  type FlatRecord,
  instantOf,
  queryTime,
  storedValue,
  toNestedRecord,
} from './servicenow-records.ts';
import { REQUESTER_COLUMNS, requestersOf, withRequesters } from './servicenow-requesters.ts';

/** Creates the reader of tickets from ServiceNow: the record, its approvals and the edits in its audit. */
export function createServiceNowReader(
  tickets: ServiceNowConfiguration,
  call: ApiCaller,
  gate: Gate | undefined,
): TicketReader {
  return {
    read: (id) => readTicket(tickets, call, id),
    listApproved: (since) => listApproved(tickets, call, { gate, since }),
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

type Found = { table: string; record: FlatRecord };

/**
 * Finds the record of this number; undefined if two answers in a row show none: there is none, or this user may not read
 * it. One answer can be empty for a moment, and what ends with a missing ticket does not come back: a change, or a comment.
 * ServiceNow does not keep numbers unique, and nothing tells which of two records is meant, so two of them throw
 * `ticket-ambiguous`.
 */
export async function findRecord(
  tickets: ServiceNowConfiguration,
  call: ApiCaller,
  id: string,
  columns: readonly string[],
): Promise<Found | undefined> {
  const find = () => findShown(tickets, call, id, columns);
  return (await find()) ?? (await find());
}

async function findShown(
  tickets: ServiceNowConfiguration,
  call: ApiCaller,
  id: string,
  columns: readonly string[],
): Promise<Found | undefined> {
  const number = requireTicketId(tickets.idPattern, id);
  const table = tableOf(tickets, number);
  const query = { table, query: `number=${number}`, columns, displayValue: 'all', limit: 2 } as const;
  const { records, total = 0 } = await listRecords(call, query);
  const found = records.filter((one) => storedValue(one, 'number') === number);
  const hidden = IDENTITY.find((column) => records.some((one) => storedValue(one, column) === ''));
  if (hidden !== undefined) throw hiddenColumn(table, hidden);
  const [record, other] = found;
  if (other !== undefined || (record !== undefined && total > 1)) throw ambiguous(number, table, found);
  if (record === undefined || !isSysId(storedValue(record, 'sys_id'))) return undefined;
  return { table, record };
}

/** A record that is shown without them may be the ticket, so it is not missing. */
const IDENTITY = ['number', 'sys_id'];

const hiddenColumn = (table: string, column: string) =>
  new TicketError('tickets-refused', `The integration user cannot see the column ${table}.${column}.`);

function ambiguous(number: string, table: string, found: readonly FlatRecord[]): TicketError {
  const places = found.map((one) => `${storedValue(one, 'sys_class_name') || table} ${storedValue(one, 'sys_id')}`);
  const all = places.length > 1 ? places.join(' and ') : `${places[0]} and one that is not shown`;
  return new TicketError('ticket-ambiguous', `Two records have the number ${number}: ${all}. Give one another number.`);
}

const isSysId = (text: string) => /^[0-9a-f]{32}$/.test(text);

async function readTicket(
  tickets: ServiceNowConfiguration,
  call: ApiCaller,
  id: string,
): Promise<TicketRecord | undefined> {
  const columns = [...new Set([...columnsOf(tickets), ...REQUESTER_COLUMNS])];
  const find = () => findRecord(tickets, call, id, columns);
  const found = await find();
  if (found === undefined) return undefined;
  const { table, record } = found;
  const sysId = storedValue(record, 'sys_id');
  // Approvals of a task or requested item may belong to its parent change or request.
  const approved = [sysId, ...APPROVED_PARENTS.map((link) => storedValue(record, link)).filter(isSysId)];
  const approvals = await readApprovals(call, approved);
  const shown = approvals.kind === 'unknown' ? [] : approvals.value;
  const audit = await readAudit(call, [...approved, ...shown.map(({ ref }) => ref)]);
  const edits = audit.kind === 'unknown' ? [] : audit.value;
  if (isEditedSince(record, approved, edits)) {
    // Audits are also dated a moment after their edit; the record itself tells whether it is the same.
    const again = await find();
    if (!isDeepStrictEqual(again?.record, record)) throw tornRead();
  }
  const standing = shown.filter((one) => isGranted(one) && !isMoved(one, edits));
  const requesters = requestersOf(record);
  return {
    id: storedValue(record, 'number'),
    payload: { table, record: toNestedRecord(record) },
    requesters: requesters.kind === 'unknown' ? [] : requesters.value,
    approvals: standing.map((one) => toTicketApproval(one, edits)).toSorted(byTime),
    rejections: rejectionsIn(shown, edits),
    history: withRequesters(requesters, toHistory({ record, columns, approvals, audit })),
  };
}

/** True if the audit shows an edit of the ticket, or of its parents, after the last one that its record knows. */
function isEditedSince(record: FlatRecord, documents: readonly string[], edits: readonly AuditEdit[]): boolean {
  const updatedOn = storedValue(record, 'sys_updated_on');
  const known = updatedOn === '' ? 0 : Date.parse(instantOf(updatedOn));
  return edits.some(({ document, at }) => documents.includes(document) && Date.parse(at) > known);
}

const tornRead = () => new TicketError('tickets-unavailable', 'The ticket was edited while it was read.');

const byTime = (one: TicketApproval, other: TicketApproval) => Date.parse(one.at) - Date.parse(other.at);

const PAGE = 100;
/**
 * ServiceNow reads a literal time in an encoded query in the time zone of the calling user, at most 14 hours from UTC.
 * The query therefore starts 14 hours early; stored values are UTC, so earlier records are left out here.
 */
const WIDEST_ZONE_MS = 14 * 60 * 60 * 1000;

/** A table that cannot be listed does not end the listing of the others; it fails the listing at its end. */
async function* listApproved(
  tickets: ServiceNowConfiguration,
  call: ApiCaller,
  { gate, since }: { gate: Gate | undefined; since: number },
): AsyncGenerator<string> {
  let failure: TicketError | undefined;
  for (const { table } of Object.values(tickets.tables)) {
    const approved = approvedQueryOf(tickets, gate, table);
    if (approved === undefined) continue;
    const failed = yield* listTable(tickets, call, { table, approved, since });
    failure ??= failed;
  }
  if (failure !== undefined) throw failure;
}

async function* listTable(
  { idPattern }: ServiceNowConfiguration,
  call: ApiCaller,
  { table, approved, since }: { table: string; approved: ApprovedQuery; since: number },
): AsyncGenerator<string, TicketError | undefined> {
  const pattern = new RegExp(`^(?:${idPattern})$`, 'u');
  const touchedSince = approved.touched.map((one) => `${one}>=${queryTime(since - WIDEST_ZONE_MS)}`).join('^OR');
  const query = `${approved.query}^${touchedSince}^ORDERBYsys_created_on^ORDERBYsys_id`;
  const columns = ['number', ...approved.touched];
  let failure: TicketError | undefined;
  for (let offset = 0; ; offset += PAGE) {
    const page = await tryList(call, { table, query, columns, displayValue: 'all', limit: PAGE, offset });
    if (page instanceof TicketError) return page;
    for (const record of page.records) {
      const number = storedValue(record, 'number');
      if (number === '') failure = hiddenColumn(table, 'number');
      const isOld = approved.touched.every((one) => isUntouched(storedValue(record, one), since));
      if (!isOld && pattern.test(number)) yield number;
    }
    if (page.isLast) return failure;
  }
}

/** A time of another form counts as touched: reading that ticket tells more, and the listing goes on. */
function isUntouched(updatedOn: string, since: number): boolean {
  try {
    return Date.parse(instantOf(updatedOn)) < since;
  } catch {
    return false;
  }
}
