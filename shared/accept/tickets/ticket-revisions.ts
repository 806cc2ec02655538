import type { Approval } from '../../domain/approval/judge-approval.ts';
import type { Configuration } from '../../domain/configuration/configuration.ts';
import { laneName } from '../../domain/lane/change-ref.ts';
import { supersedeRejected } from '../../domain/ledger/redrive-decision.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import { cancelChange, supersedeChange } from '../../ledger/cancel-change.ts';
import { updateChange } from '../../ledger/update-change.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { keyPart, sortRevisions, ticketPrefix } from './ticket-revision.ts';

type RevisionPorts = Pick<TicketPorts, 'ledger' | 'clock' | 'configuration'>;

/** All changes a source has sent for a ticket, in every tenant, whatever its grants are by now. */
export async function changesOfTicket(ports: RevisionPorts, source: string, ticketId: string): Promise<ChangeRecord[]> {
  const found = await Promise.all(
    scopesOf(ports.configuration, source).map((scope) => ports.ledger.changesOf(scope, ticketPrefix(ticketId))),
  );
  return found.flat();
}

const scopesOf = ({ tenants }: Configuration, source: string) =>
  Object.entries(tenants).map(([tenant, configured]) => ({ lane: laneName(configured), source, tenant }));

/** What became of changes that were taken back or out. */
export type CancelCount = { ended: number; underWay: number };

/** Cancels what has not begun. Again is harmless; what is settled already stays as it is. */
export async function cancelOpen(
  ports: RevisionPorts,
  records: readonly ChangeRecord[],
  wish: { by: string; reason: string },
): Promise<CancelCount> {
  const taking: CancelCount = { ended: 0, underWay: 0 };
  for (const { ref, state } of records) {
    if (state === 'settled') continue;
    const { kind } = await cancelChange(ports, ref, wish);
    if (kind === 'cancelled') taking.ended += 1;
    if (kind === 'under-way') taking.underWay += 1;
  }
  return taking;
}

/**
 * Ends earlier revisions of a ticket, rejected or not yet begun, as superseded by this approval. What ZPA may be
 * carrying out goes on, as when it is cancelled (docs/adr/0006); a rejection that is still being announced is left for
 * the next time.
 */
export async function supersedeEarlier(
  ports: RevisionPorts,
  records: readonly ChangeRecord[],
  approval: Approval,
): Promise<CancelCount> {
  const taking: CancelCount = { ended: 0, underWay: 0 };
  for (const record of sortRevisions(records, approval).earlier) {
    const wish = { by: keyPart(approval.ref), reason: 'The ticket was approved again.' };
    if (record.state !== 'settled') {
      const { kind } = await supersedeChange(ports, record, wish);
      if (kind === 'settled') taking.ended += 1;
      if (kind === 'under-way') taking.underWay += 1;
    } else if (record.failed && (await supersedeFailure(ports, record, wish))) taking.ended += 1;
  }
  return taking;
}

async function supersedeFailure(
  { ledger, clock }: RevisionPorts,
  record: ChangeRecord,
  wish: { by: string; reason: string },
): Promise<boolean> {
  const sequence = await ledger.takeSequences(record.ref.lane, 1);
  const { changed } = await updateChange(ledger, record, (one) =>
    // Whoever redrives it meanwhile gives it another generation: that one is open, and found the next time.
    one.generation === record.generation ? supersedeRejected(one, { ...wish, sequence }, clock.now()) : undefined,
  );
  return changed;
}
