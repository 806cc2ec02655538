import type { Approval } from '../../domain/approval/approval.ts';
import { supersedeRejected } from '../../domain/ledger/redrive-decision.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import { cancelChange, supersedeChange } from '../../ledger/cancel-change.ts';
import { tenantLanes } from '../../ledger/tenant-lanes.ts';
import { updateChange } from '../../ledger/update-change.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { keyPart, sortRevisions, ticketPrefix } from './ticket-revision.ts';

type RevisionPorts = Pick<TicketPorts, 'ledger' | 'clock' | 'configuration'>;
type CancelPorts = RevisionPorts & Pick<TicketPorts, 'meter'>;

type FindPorts = Pick<TicketPorts, 'ledger' | 'configuration' | 'knownLanes'>;

/**
 * Reads all changes a source has sent for a ticket, in every lane that a tenant has or had, independent of its present grants.
 * Rejects if one of them cannot be read: a part of the changes would pass for all of them.
 */
export async function changesOfTicket(ports: FindPorts, source: string, ticketId: string): Promise<ChangeRecord[]> {
  const scopes = (await tenantLanes(ports)).map((one) => ({ ...one, source }));
  const found = await Promise.all(scopes.map((scope) => ports.ledger.changesOf(scope, ticketPrefix(ticketId))));
  return found.flat();
}

/** Whether a change that a source has sent for a ticket is not settled. */
export async function hasOpenChanges(ports: FindPorts, source: string, ticketId: string): Promise<boolean> {
  const known = await changesOfTicket(ports, source, ticketId);
  return known.some(({ state }) => state !== 'settled');
}

/** Counts of changes that were cancelled or superseded, and of those under way that could not be. */
export type CancelCount = { ended: number; underWay: number };

/**
 * Cancels and counts the changes whose write has not begun; settled ones keep their outcome. Idempotent. `by`: their
 * source.
 */
export async function cancelOpen(
  ports: CancelPorts,
  records: readonly ChangeRecord[],
  request: { by: string; reason: string },
): Promise<CancelCount> {
  const counts: CancelCount = { ended: 0, underWay: 0 };
  for (const { ref, state } of records) {
    if (state === 'settled') continue;
    const { kind } = await cancelChange(ports, ref, request);
    if (kind === 'cancelled') counts.ended += 1;
    if (kind === 'under-way') counts.underWay += 1;
  }
  if (counts.ended > 0) ports.meter.count('ChangesCancelled', counts.ended, { source: request.by });
  return counts;
}

/**
 * Ends earlier revisions of a ticket, rejected, parked or not yet begun, as superseded by this approval. A change that ZPA
 * may be carrying out continues, as on cancellation (docs/adr/0006); a rejection that still owes sends is left for the next
 * call.
 */
export async function supersedeEarlier(
  ports: RevisionPorts,
  records: readonly ChangeRecord[],
  approval: Approval,
): Promise<CancelCount> {
  const counts: CancelCount = { ended: 0, underWay: 0 };
  for (const record of sortRevisions(records, approval).earlier) {
    const request = { by: keyPart(approval.ref), reason: 'The ticket was approved again.' };
    if (record.state !== 'settled') {
      const { kind } = await supersedeChange(ports, record, request);
      if (kind === 'settled') counts.ended += 1;
      if (kind === 'under-way') counts.underWay += 1;
    } else if (record.failed && (await supersedeFailure(ports, record, request))) counts.ended += 1;
  }
  return counts;
}

async function supersedeFailure(
  { ledger, clock }: RevisionPorts,
  record: ChangeRecord,
  request: { by: string; reason: string },
): Promise<boolean> {
  const sequence = await ledger.takeSequences(record.ref.lane, 1);
  const { changed } = await updateChange(ledger, record, (one) =>
    // A redrive meanwhile gives it another generation: that one is open, and the next call finds it.
    one.generation === record.generation ? supersedeRejected(one, { ...request, sequence }, clock.now()) : undefined,
  );
  return changed;
}
