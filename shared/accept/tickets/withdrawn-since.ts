import type { Approval } from '../../domain/approval/approval.ts';
import { CLOCK_TOLERANCE_MS } from '../../domain/approval/judge-approval.ts';
import { systemName } from '../../domain/configuration/shared-ticket-systems.ts';
import { optimisticUpdate } from '../../ledger/optimistic-update.ts';
import { ABSENT } from '../../ports/ports.ts';
import type { Withdrawal } from '../../ports/withdrawals.ts';
import type { TicketSnapshot } from './cancel-lapsed.ts';
import type { TicketPorts } from './ticket-ports.ts';
import type { TicketSource } from './ticket-source.ts';

/**
 * The mark is the ticket system's, since only its name tells whose tickets these are, and a source may be renamed
 * meanwhile.
 */
type From = Pick<TicketSource, 'name'> & { source: { system: string } };
type MarkPorts = Pick<TicketPorts, 'withdrawals' | 'timing' | 'clock'>;

/**
 * Marks the ticket as withdrawn, before its changes are looked for: an approval that enters its changes meanwhile finds the
 * mark afterwards, whether it was read back or not.
 */
export async function markWithdrawn(
  { withdrawals, timing, clock }: MarkPorts,
  { name, source }: From,
  { ticketId, asOf }: { ticketId: string; asOf: number },
): Promise<void> {
  const system = systemName(source.system);
  const markedAt = clock.now();
  await optimisticUpdate<Withdrawal, Withdrawal | undefined>(await withdrawals.read(system, ticketId), {
    change(stored) {
      if (stored !== undefined && stored.at >= asOf && stored.markedAt >= markedAt) return undefined;
      const at = Math.max(asOf, stored?.at ?? 0);
      return {
        ...{ version: stored?.version ?? ABSENT, system, source: name, ticketId },
        ...{ at, markedAt: Math.max(markedAt, stored?.markedAt ?? 0), keptUntil: at + timing.settledKeptMs },
      };
    },
    write: (record, expected) => withdrawals.write(record, expected),
    absent: () => undefined,
    subject: `the withdrawal of ticket ${ticketId}`,
  });
}

/**
 * True if the ticket was withdrawn at or after the time of this approval: deliveries arrive in any order. An approval dated
 * after its own arrival shows that its sender's clock is ahead of ours, which times a withdrawal, by at most what is accepted.
 * A ticket whose read certainly began after the one that told of the withdrawal had ended shows itself which approvals stand.
 */
export async function isWithdrawnSince(
  { withdrawals, timing }: Pick<TicketPorts, 'withdrawals' | 'timing'>,
  { source }: From,
  { ticket, asOf, fromPayload }: TicketSnapshot,
  approval: Approval,
): Promise<boolean> {
  const withdrawal = await withdrawals.read(systemName(source.system), ticket.id);
  if (withdrawal === undefined) return false;
  if (fromPayload !== true && asOf > withdrawal.markedAt + timing.clockSkewMs) return false;
  const at = Date.parse(approval.at);
  if (at > asOf) return at - CLOCK_TOLERANCE_MS <= withdrawal.at;
  return (fromPayload === true ? at : at + RESOLUTION_MS) <= withdrawal.at;
}

/**
 * Ticket systems date approvals by whole seconds: one of the second in which the ticket waited for it may be younger
 * than that.
 */
const RESOLUTION_MS = 999;
