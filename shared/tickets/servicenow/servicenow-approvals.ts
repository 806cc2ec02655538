import type { Reading } from '../../domain/approval/reading.ts';
import type { TicketApproval } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { TicketError } from '../http/ticket-error.ts';
import type { AuditEdit } from './servicenow-audit.ts';
import { listAllRecords } from './servicenow-list.ts';
import { instantOf, plainValue } from './servicenow-records.ts';

/** `on`: sys_id of the approved record, which may be the parent of the ticket. */
export type RecordApproval = TicketApproval & { on: string };

const PAGE = 100;
const PAGES = 10;

/**
 * `sysapproval_approver` holds one record per approver; its column `sysapproval` refers to the approved record
 * (ServiceNow docs, "Approvals"). Reads the approvals of all these records that stand.
 */
export async function readApprovals(call: ApiCaller, approved: readonly string[]): Promise<Reading<RecordApproval[]>> {
  const table = 'sysapproval_approver';
  const listQuery = {
    table,
    query: `sysapprovalIN${approved.join(',')}^state=approved^ORDERBYsys_updated_on^ORDERBYsys_id`,
    columns: ['sys_id', 'sysapproval', 'approver.user_name', 'sys_updated_on'],
    displayValue: 'false',
    limit: PAGE,
  } as const;
  const read = await listAllRecords(call, listQuery, PAGES);
  if (read.kind === 'unknown') throw new TicketError('tickets-refused', `ServiceNow ${table}: ${read.reason}`);
  const value = read.value.map((one) => ({
    by: plainValue(one, 'approver.user_name'),
    at: instantOf(plainValue(one, 'sys_updated_on')),
    ref: plainValue(one, 'sys_id'),
    on: plainValue(one, 'sysapproval'),
  }));
  return { ...read, value };
}

/** The last edit in the audit that granted this approval; undefined: the audit shows none. */
export function grantOf({ ref }: TicketApproval, audit: readonly AuditEdit[]): AuditEdit | undefined {
  return audit.findLast(
    ({ document, column, value }) => document === ref && column === 'state' && value === 'approved',
  );
}

/**
 * Whether the audit shows that the approval may have been given to another record: its reference was moved from one record
 * to another, or was set when the approval had been granted. The audit may hold the first value, as an edit from none.
 */
export function isMoved(approval: RecordApproval, audit: readonly AuditEdit[]): boolean {
  const grantedAt = Date.parse(grantOf(approval, audit)?.at ?? '');
  const attached = audit.filter(({ document, column }) => document === approval.ref && column === 'sysapproval');
  return attached.some(({ before, at }) => before !== '' || !(Date.parse(at) < grantedAt));
}

/**
 * Dates approvals by the audit, because a later edit of an approval's record changes its `sys_updated_on`, and names who
 * granted them, because a delegate's approval bears the name of the one it was asked of.
 */
export function toTicketApproval(approval: RecordApproval, audit: readonly AuditEdit[]): TicketApproval {
  const { by, at, ref } = approval;
  const grant = grantOf(approval, audit);
  const isByOther = grant !== undefined && grant.by !== '' && grant.by !== by;
  return { by, at: grant?.at ?? at, ref, ...(isByOther ? { actor: grant.by } : {}) };
}
