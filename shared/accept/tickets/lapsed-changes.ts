import type { Gate } from '../../domain/approval/approval-schema.ts';
import type { Approval, FieldChange } from '../../domain/approval/judge-approval.ts';
import { allHold } from '../../domain/approval/judge-ticket.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';

import { isOfApproval } from './ticket-revision.ts';

/** A ticket as it was read back, as far as it says whose approvals stand. */
export type Standing = {
  payload: unknown;
  approvals: readonly Approval[];
  fieldChanges: readonly FieldChange[] | undefined;
};

/**
 * Open changes of a ticket that is not approved now whose approval does not stand on it any more. A ticket that only moved
 * on keeps its approvals; where nobody can tell which stand, or none were needed, none has lapsed.
 */
export function lapsedChanges(gate: Gate, ticket: Standing, records: readonly ChangeRecord[]): ChangeRecord[] {
  const { preapproved } = gate;
  if (ticket.fieldChanges === undefined) return [];
  if (preapproved !== undefined && allHold(preapproved.when, ticket.payload)) return [];
  return records.filter(
    (record) => record.state !== 'settled' && !ticket.approvals.some((approval) => isOfApproval(record, approval)),
  );
}
