import type { Reading } from '../../domain/approval/reading.ts';
import type { TicketApproval } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { TicketError } from '../http/ticket-error.ts';
import type { AuditEdit } from './servicenow-audit.ts';
import { listAllRecords } from './servicenow-list.ts';
import { instantOf, plainValue } from './servicenow-records.ts';

/** `on`: sys_id of the approved record, which may be the parent of the ticket. `state`: what the approver decided. */
export type RecordApproval = TicketApproval & { on: string; state: string };

const PAGE = 100;
const PAGES = 10;

/**
 * `sysapproval_approver` holds one record per approver; its column `sysapproval` refers to the approved record
 * (ServiceNow docs, "Approvals"). Reads those of all these records, whatever their approvers decided.
 */
export async function readApprovals(call: ApiCaller, approved: readonly string[]): Promise<Reading<RecordApproval[]>> {
  const table = 'sysapproval_approver';
  const listQuery = {
    table,
    query: `sysapprovalIN${approved.join(',')}^ORDERBYsys_updated_on^ORDERBYsys_id`,
    columns: ['sys_id', 'sysapproval', 'approver.user_name', 'state', 'sys_updated_on'],
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
    state: plainValue(one, 'state'),
  }));
  if (value.some(({ state }) => state === '')) {
    return { kind: 'partial', value, reason: `the integration user cannot see the column state of ${table}` };
  }
  return { ...read, value };
}

/** True if the approver's record says now that they approved. */
export const isGranted = ({ state }: RecordApproval) => isApproved(state);

/**
 * When approvers rejected, or an approval was taken back: by the audit, and where it does not show a rejection that
 * stands, by the record's last edit.
 */
export function rejectionsIn(
  approvals: readonly RecordApproval[],
  audit: readonly AuditEdit[],
): { at: string; by: string }[] {
  return approvals.flatMap(({ ref, state, at, by }) => {
    const edits = audit.filter(({ document, column }) => document === ref && column === 'state');
    const ends = edits.filter(
      ({ before, value }) => value === 'rejected' || (isApproved(before) && !isApproved(value)),
    );
    const isTold = state !== 'rejected' || ends.some(({ value }) => value === 'rejected');
    return [...ends.map((one) => ({ at: one.at, by: one.by })), ...(isTold ? [] : [{ at, by }])];
  });
}

const isApproved = (state: string) => state === 'approved';

/** The last edit in the audit that granted this approval; undefined: the audit shows none. */
export function grantOf({ ref }: TicketApproval, audit: readonly AuditEdit[]): AuditEdit | undefined {
  return audit.findLast((edit) => isGrant(edit, ref));
}

/**
 * True if the audit shows that the approval may have been given to another record: its reference was moved from one record
 * to another, or was set when the approval had been granted. The audit may hold the first value, as an edit from none.
 */
export function isMoved(approval: RecordApproval, audit: readonly AuditEdit[]): boolean {
  const grantedAt = Date.parse(grantOf(approval, audit)?.at ?? '');
  const attached = audit.filter(({ document, column }) => document === approval.ref && column === 'sysapproval');
  return attached.some(({ before, at }) => before !== '' || !(Date.parse(at) < grantedAt));
}

/**
 * Dates approvals by the audit, because a later edit of an approval's record changes its `sys_updated_on`, and names
 * who granted them, because a delegate's approval bears the name of the one it was asked of. A record that was granted
 * again is another approval.
 */
export function toTicketApproval(approval: RecordApproval, audit: readonly AuditEdit[]): TicketApproval {
  const { by, at, ref } = approval;
  const grants = audit.filter((edit) => isGrant(edit, ref));
  const grant = grants.at(-1);
  const isByOther = grant !== undefined && grant.by !== '' && grant.by !== by;
  return {
    by,
    at: grant?.at ?? at,
    ref: grants.length > 1 ? `${ref}-${grants.length}` : ref,
    ...(isByOther ? { actor: grant.by } : {}),
  };
}

const isGrant = ({ document, column, value }: AuditEdit, ref: string) =>
  document === ref && column === 'state' && isApproved(value);
