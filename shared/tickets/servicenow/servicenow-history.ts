import type { FieldChange } from '../../domain/approval/approval.ts';
import { complete, type Reading } from '../../domain/approval/reading.ts';
import { lookup } from '../../domain/configuration/lookup.ts';
import { grantOf, isGranted, type RecordApproval } from './servicenow-approvals.ts';
import type { AuditEdit } from './servicenow-audit.ts';
import { APPROVED_PARENTS, type FlatRecord, instantOf, storedValue } from './servicenow-records.ts';
import { REQUESTER_COLUMNS } from './servicenow-requesters.ts';

/** References that attach a ticket to another record. */
const LINKS: readonly string[] = [...APPROVED_PARENTS, 'parent'];

type Read = {
  record: FlatRecord;
  /** Columns that are read of the ticket, with those of referenced records under their dotted names. */
  columns: readonly string[];
  approvals: Reading<RecordApproval[]>;
  audit: Reading<AuditEdit[]>;
};

/**
 * Concludes the history of a ticket. A list without an edit is also what ServiceNow answers if nothing is audited or an
 * ACL hides the rows, so the history is known only with evidence: the audit shows the grant of each approval, and edits
 * of the ticket if its record counts any.
 */
export function toHistory({ record, columns, approvals, audit }: Read): Reading<FieldChange[]> {
  if (approvals.kind !== 'complete') return { kind: 'unknown', reason: approvals.reason };
  if (audit.kind === 'unknown') return audit;
  // A set-back would be missed, which nobody can trust not to be there.
  if (audit.kind === 'partial') return { kind: 'partial', value: [], reason: audit.reason };
  const edits = audit.value;
  const sysId = storedValue(record, 'sys_id');
  const granted = approvals.value.filter(isGranted);
  if (granted.some((one) => grantOf(one, edits) === undefined)) {
    return { kind: 'unknown', reason: 'sys_audit does not show the approval itself' };
  }
  const own = edits.filter(({ document }) => document === sysId);
  if (own.length === 0 && storedValue(record, 'sys_mod_count') !== '0') {
    return { kind: 'unknown', reason: 'sys_audit shows no edit of the ticket, which was edited' };
  }
  const untold = ['', ...APPROVED_PARENTS].find((link) => !isDecisionTold(record, link, edits));
  if (untold !== undefined) {
    return { kind: 'unknown', reason: 'sys_audit does not show who set it to approved' };
  }
  const byParent = granted.some(({ on }) => on !== sysId);
  if (byParent && storedValue(record, 'sys_created_on') === '') {
    return { kind: 'unknown', reason: 'the integration user cannot see when the ticket was created' };
  }
  const unaudited = columns.find((one) => lookup(record, one) !== undefined && !isAudited(one));
  if (unaudited !== undefined) {
    return { kind: 'unknown', reason: `edits of ${unaudited} are not in the audit of the ticket` };
  }
  const changes = [
    ...(byParent ? creationOf(record) : []),
    ...own.flatMap((one) => (byParent && LINKS.includes(one.column) ? wholeTicket(one) : [toFieldChange(one)])),
    ...APPROVED_PARENTS.flatMap((link) => parentChanges(link, storedValue(record, link), edits, columns)),
  ];
  return complete(changes.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)));
}

/** True if the audit shows the edit that set the ticket, or the record that it is linked to, to approved, if it is. */
function isDecisionTold(record: FlatRecord, link: string, edits: readonly AuditEdit[]): boolean {
  const [approval, of] = link === '' ? ['approval', 'sys_id'] : [`${link}.approval`, link];
  if (storedValue(record, approval) !== 'approved') return true;
  const document = storedValue(record, of);
  return edits.some((edit) => edit.document === document && edit.column === 'approval' && edit.value === 'approved');
}

/**
 * True if the audit that is read tells edits of this column: those of the ticket and of its parents, not of another record
 * that one of them refers to. Columns that name people only tell who they are.
 */
function isAudited(column: string): boolean {
  const [first = '', ...rest] = column.split('.');
  if (rest.length === 0 || REQUESTER_COLUMNS.includes(column)) return true;
  return rest.length === 1 && ['variables', ...APPROVED_PARENTS].includes(first);
}

/**
 * An approval of the parent covers the tickets that the approver could see below it, so creation is an edit of the
 * ticket.
 */
function creationOf(record: FlatRecord): FieldChange[] {
  const at = instantOf(storedValue(record, 'sys_created_on'));
  return wholeTicket({ column: 'sys_created_on', by: storedValue(record, 'sys_created_by'), at });
}

/**
 * An edit that counts whatever the mapping reads. `record` contains each field that a mapping names. Where its fields are
 * unknown, an edit of what contains the gate's fields does not count, so the value of the column is named too.
 */
function wholeTicket({ column, by, at }: Pick<AuditEdit, 'column' | 'by' | 'at'>): FieldChange[] {
  return [`record.${column}.value`, 'record'].map((field) => ({ field, by, at }));
}

/** The audit names a variable in a way that does not identify it, so its edit counts for all variables. */
function toFieldChange(edit: AuditEdit): FieldChange {
  const known = /^[a-z][a-z0-9_]*$/.test(edit.column);
  return known ? edited(`record.${edit.column}`, edit) : { field: 'record.variables', by: edit.by, at: edit.at };
}

const edited = (field: string, { by, at, before, value }: AuditEdit): FieldChange => ({
  field,
  by,
  at,
  from: [before],
  to: [value],
});

/** Edits of the parent in columns that are read of the ticket. */
function parentChanges(link: string, parent: string, edits: readonly AuditEdit[], columns: readonly string[]) {
  return edits
    .filter(({ document, column }) => document === parent && columns.includes(`${link}.${column}`))
    .map((edit) => edited(`record.${link}.${edit.column}`, edit));
}
