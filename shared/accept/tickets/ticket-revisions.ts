import type { Approval } from '../../domain/approval/approval.ts';
import { formerSources } from '../../domain/configuration/former-sources.ts';
import { cancelRequestOf, requestCancel, requestSupersede } from '../../domain/ledger/cancellation.ts';
import { endRejected, type FailureEnd } from '../../domain/ledger/redrive-decision.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import { type CancelResult, cancelChange, supersedeChange } from '../../ledger/cancel-change.ts';
import { tenantLanesOf } from '../../ledger/tenant-lanes.ts';
import { updateChange } from '../../ledger/update-change.ts';
import type { UnreadableRecord } from '../../ports/ports.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { keyPart, sortRevisions, ticketPrefix } from './ticket-revision.ts';

type RevisionPorts = Pick<TicketPorts, 'ledger' | 'clock' | 'configuration'>;
type CancelPorts = RevisionPorts & Pick<TicketPorts, 'meter'>;

type FindPorts = Pick<TicketPorts, 'ledger' | 'configuration' | 'knownLanes'>;

/**
 * Reads all changes of a ticket that its source, or one that took the ticket before, has sent, in every lane that a tenant
 * has or had, independent of present grants. Rejects if one of them cannot be read: a part of the changes would pass for all
 * of them.
 */
export async function changesOfTicket(ports: FindPorts, source: string, ticketId: string): Promise<ChangeRecord[]> {
  const { known, unread } = await readableChangesOf(ports, source, ticketId);
  if (unread !== undefined) throw unread;
  return known;
}

/** Changes of a ticket are stored that cannot be read. */
class UnreadChangesError extends Error {
  override readonly name = 'UnreadChangesError';
  readonly code = 'record-malformed';
}

/**
 * As `changesOfTicket`, for a caller that ends changes: one that cannot be read keeps no withdrawal from the others.
 * `unread`: the error to reject with after that, where there are any.
 */
export async function readableChangesOf(
  ports: FindPorts,
  source: string,
  ticketId: string,
): Promise<{ known: ChangeRecord[]; unread: Error | undefined }> {
  const known = await ports.knownLanes.read();
  const former = formerSources(ports.configuration.sources, known.sources ?? [], { source, ticketId });
  const lanes = tenantLanesOf(ports.configuration, known);
  const scopes = [source, ...former].flatMap((name) => lanes.map((one) => ({ ...one, source: name })));
  const faults: string[] = [];
  const note = ({ key, why }: UnreadableRecord) => void faults.push(`${key}: ${why}`);
  const found = await Promise.all(scopes.map((scope) => ports.ledger.changesOf(scope, ticketPrefix(ticketId), note)));
  return { known: found.flat(), unread: faults.length > 0 ? new UnreadChangesError(faults.join('; ')) : undefined };
}

/** True if a change may still be carried out: it is open, or a redrive may open it. */
export const isUnfinished = ({ state, failed }: ChangeRecord): boolean => state !== 'settled' || failed;

/** True if a change that a source has sent for a ticket may still be carried out, as one that cannot be read may. */
export async function hasUnfinishedChanges(ports: FindPorts, source: string, ticketId: string): Promise<boolean> {
  const { known, unread } = await readableChangesOf(ports, source, ticketId);
  return unread !== undefined || known.some(isUnfinished);
}

/** Counts of changes that were cancelled or superseded, and of those under way that could not be. */
export type CancelCount = { ended: number; underWay: number };

/**
 * Cancels and counts the changes whose write has not begun, and the rejected ones, which a redrive would carry out; others
 * keep their outcome. Idempotent. `by`: their source.
 */
export async function cancelUnfinished(
  ports: CancelPorts,
  records: readonly ChangeRecord[],
  request: { by: string; reason: string },
): Promise<CancelCount> {
  const counts: CancelCount = { ended: 0, underWay: 0 };
  const cancel = ({ ref }: ChangeRecord) => cancelChange(ports, ref, { ...request, endsRejection: true });
  for (const record of records) {
    const kind = await endChange(ports, record, { kind: 'cancelled', ...request }, cancel);
    if (kind === 'ended') counts.ended += 1;
    if (kind === 'under-way') counts.underWay += 1;
  }
  if (counts.ended > 0) ports.meter.count('ChangesCancelled', counts.ended, { source: request.by });
  return counts;
}

/**
 * Ends earlier revisions of a ticket, rejected, parked or not yet begun, as superseded by this approval. A change that ZPA
 * may be carrying out continues, as on cancellation (docs/adr/0006).
 */
export async function supersedeEarlier(
  ports: RevisionPorts,
  records: readonly ChangeRecord[],
  approval: Approval,
): Promise<CancelCount> {
  const counts: CancelCount = { ended: 0, underWay: 0 };
  const request = { by: keyPart(approval.ref), reason: 'The ticket was approved again.' };
  const supersede = (record: ChangeRecord) => supersedeChange(ports, record, request);
  for (const record of sortRevisions(records, approval).earlier) {
    const kind = await endChange(ports, record, { kind: 'superseded', ...request }, supersede);
    if (kind === 'ended') counts.ended += 1;
    if (kind === 'under-way') counts.underWay += 1;
  }
  return counts;
}

/**
 * Ends one change by `ask`, or as a rejection, which it may have become meanwhile. Whoever redrove a rejection meanwhile has it
 * asked to end too. `kept`: it has another outcome.
 */
async function endChange(
  ports: RevisionPorts,
  record: ChangeRecord,
  end: FailureEnd,
  ask: (record: ChangeRecord) => Promise<CancelResult>,
): Promise<'ended' | 'under-way' | 'kept'> {
  let found = record;
  if (found.state !== 'settled') {
    const result = await ask(found);
    if (result.kind === 'under-way') return 'under-way';
    if (result.kind === 'unknown') return 'kept';
    found = result.record;
    const isAsked = found.failed && cancelRequestOf(found)?.endsRejection === true;
    if (isAsked || found.outcome?.kind === end.kind) return 'ended';
  }
  if (!found.failed) return 'kept';
  const { record: now, changed } = await endFailure(ports, found, end);
  if (changed) return 'ended';
  return now.state === 'settled' ? 'kept' : await endChange(ports, now, end, ask);
}

/**
 * Ends a rejection; one that still owes its sends is asked to end after them. `changed: false`: somebody else ended or redrove
 * it meanwhile, or it was asked before.
 */
async function endFailure({ ledger, clock }: RevisionPorts, record: ChangeRecord, end: FailureEnd) {
  const sequence = await ledger.takeSequences(record.ref.lane, 1);
  const now = clock.now();
  const { by, reason } = end;
  const ask = (one: ChangeRecord) =>
    end.kind === 'superseded'
      ? requestSupersede(one, by, reason, now)
      : requestCancel(one, by, reason, now, { endsRejection: true });
  return await updateChange(ledger, record, (one) =>
    one.generation === record.generation ? (endRejected(one, { ...end, sequence }, now) ?? ask(one)) : undefined,
  );
}
