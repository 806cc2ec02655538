import type { Approval } from '../../domain/approval/approval.ts';
import { CLOCK_TOLERANCE_MS } from '../../domain/approval/judge-approval.ts';
import { systemName } from '../../domain/configuration/shared-ticket-systems.ts';
import { optimisticUpdate } from '../../ledger/optimistic-update.ts';
import { ABSENT } from '../../ports/ports.ts';
import type { Withdrawal } from '../../ports/withdrawals.ts';
import type { TicketSnapshot } from './cancel-lapsed.ts';
import type { TicketPorts } from './ticket-ports.ts';
import type { TicketSource } from './ticket-source.ts';

/** The mark is the ticket system's, since only its name tells whose tickets these are, and a source may be renamed meanwhile. */
type From = Pick<TicketSource, 'name'> & { source: { system: string } };
type MarkPorts = Pick<TicketPorts, 'withdrawals' | 'timing'>;

/**
 * Marks the ticket as withdrawn, before its changes are looked for: an approval that enters its changes meanwhile finds the
 * mark afterwards. A ticket that is read back needs none, because its own system says whether an approval stands.
 */
export async function markWithdrawn(
  { withdrawals, timing }: MarkPorts,
  { name, source }: From,
  { ticket, asOf, fromPayload }: TicketSnapshot,
): Promise<void> {
  if (fromPayload !== true) return;
  const system = systemName(source.system);
  const next = {
    version: ABSENT,
    system,
    source: name,
    ticketId: ticket.id,
    at: asOf,
    keptUntil: asOf + timing.settledKeptMs,
  };
  await optimisticUpdate<Withdrawal, Withdrawal | undefined>(await withdrawals.read(system, ticket.id), {
    change: (stored) =>
      stored === undefined || stored.at < asOf ? { ...next, version: stored?.version ?? ABSENT } : undefined,
    write: (record, expected) => withdrawals.write(record, expected),
    absent: () => undefined,
    subject: `the withdrawal of ticket ${ticket.id}`,
  });
}

/**
 * Whether the ticket was withdrawn at or after the time of this approval: deliveries arrive in any order. An approval dated
 * after its own arrival shows that its sender's clock is ahead of ours, which times a withdrawal, by at most what is accepted.
 */
export async function isWithdrawnSince(
  { withdrawals }: Pick<TicketPorts, 'withdrawals'>,
  { source }: From,
  { ticket, asOf, fromPayload }: TicketSnapshot,
  approval: Approval,
): Promise<boolean> {
  if (fromPayload !== true) return false;
  const withdrawal = await withdrawals.read(systemName(source.system), ticket.id);
  const at = Date.parse(approval.at);
  return withdrawal !== undefined && (at > asOf ? at - CLOCK_TOLERANCE_MS : at) <= withdrawal.at;
}
