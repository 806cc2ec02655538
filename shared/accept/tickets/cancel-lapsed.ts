import type { ChangeRecord } from '../../domain/records/change-record.ts';

import type { TicketRecord } from '../../ports/ticket-system.ts';
import { lapsedChanges } from './lapsed-changes.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { type CancelCount, cancelOpen } from './ticket-revisions.ts';
import type { TicketSource } from './ticket-source.ts';

/**
 * A ticket as it stood at some moment after `asOf` (epoch ms): what was accepted since may rest on an approval that it does
 * not show yet. `told`: by a trusted payload, which shows no history and not every approval.
 */
export type Seen = { ticket: TicketRecord; asOf: number; told?: true };

/** Cancels what has not begun of the changes that were there before the ticket was looked at. */
export function cancelBefore(
  ports: Pick<TicketPorts, 'ledger' | 'clock' | 'configuration'>,
  { name }: TicketSource,
  { asOf }: Seen,
  known: readonly ChangeRecord[],
  reason: string,
): Promise<CancelCount> {
  const before = known.filter(({ acceptedAt }) => acceptedAt <= asOf);
  return cancelOpen(ports, before, { by: name, reason: reason.slice(0, MAX_REASON) });
}

const MAX_REASON = 500;

/** Cancels open changes whose approval does not stand on the ticket any more. undefined: there are none. */
export async function cancelLapsed(
  ports: Pick<TicketPorts, 'ledger' | 'clock' | 'configuration'>,
  from: TicketSource,
  seen: Seen,
  known: readonly ChangeRecord[],
): Promise<CancelCount | undefined> {
  const lapsed = seen.told === true ? [] : lapsedChanges(from.gate, seen.ticket, known);
  if (lapsed.length === 0) return undefined;
  return cancelBefore(ports, from, seen, lapsed, 'Its approval does not stand on the ticket any more.');
}
