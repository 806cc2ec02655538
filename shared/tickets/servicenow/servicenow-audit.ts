import { complete, type Reading } from '../../domain/approval/reading.ts';
import type { ApiCaller } from '../http/caller.ts';
import { listAllRecords } from './servicenow-list.ts';
import { type FlatRecord, instantOf, plainValue } from './servicenow-records.ts';

/** One edit of one column. `document`: sys_id of the edited record; `before`: the old value; `at`: RFC 3339 in UTC. */
export type AuditEdit = { document: string; column: string; before: string; value: string; by: string; at: string };

const PAGE = 500;
const PAGES = 10;

/** Documents in one query: their ids stand in its address, and a group may have hundreds of approvers. */
const DOCUMENTS = 100;

/**
 * `sys_audit` holds one record per edited column of audited tables; `documentkey` is the record's sys_id (ServiceNow
 * docs, "Sys audit"). Reads the edits of all these records, oldest first; `partial`: not all of their values are shown.
 */
export async function readAudit(call: ApiCaller, documents: readonly string[]): Promise<Reading<AuditEdit[]>> {
  const found: FlatRecord[] = [];
  for (let from = 0; from < documents.length; from += DOCUMENTS) {
    const some = documents.slice(from, from + DOCUMENTS);
    const read = await listAllRecords(call, auditOf(some), PAGES);
    if (read.kind !== 'complete') return { kind: 'unknown', reason: read.reason };
    found.push(...read.value);
  }
  const isReadable = (one: FlatRecord) =>
    documents.includes(plainValue(one, 'documentkey')) &&
    plainValue(one, 'fieldname') !== '' &&
    plainValue(one, 'sys_created_on') !== '';
  if (!found.every(isReadable)) {
    return { kind: 'unknown', reason: 'the integration user cannot see all columns of sys_audit' };
  }
  const edits = found.map(toEdit).toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const areValuesShown = found.every((one) => isText(one.oldvalue) && isText(one.newvalue)) && !lacksOldValues(edits);
  if (areValuesShown) return complete(edits);
  return { kind: 'partial', value: edits, reason: 'the integration user cannot see the values in sys_audit' };
}

const isText = (value: unknown) => typeof value === 'string';

/** True if no edit tells a value before it, not even of a column that an earlier edit filled in: an ACL hides them. */
function lacksOldValues(edits: readonly AuditEdit[]): boolean {
  if (edits.some(({ before }) => before !== '')) return false;
  const filled = new Map<string, number>();
  return edits.some(({ document, column, value, at }) => {
    const key = `${document} ${column}`;
    const earlier = filled.get(key);
    if (value !== '') filled.set(key, earlier ?? Date.parse(at));
    return earlier !== undefined && earlier < Date.parse(at);
  });
}

const auditOf = (documents: readonly string[]) =>
  ({
    table: 'sys_audit',
    query: `documentkeyIN${documents.join(',')}^ORDERBYsys_created_on^ORDERBYsys_id`,
    columns: ['sys_id', 'documentkey', 'fieldname', 'oldvalue', 'newvalue', 'user', 'sys_created_on'],
    displayValue: 'false',
    limit: PAGE,
  }) as const;

const toEdit = (one: FlatRecord): AuditEdit => ({
  document: plainValue(one, 'documentkey'),
  column: plainValue(one, 'fieldname'),
  before: plainValue(one, 'oldvalue'),
  value: plainValue(one, 'newvalue'),
  by: plainValue(one, 'user'),
  at: instantOf(plainValue(one, 'sys_created_on')),
});
