import { judgeTicket } from '../../domain/approval/judge-ticket.ts';
import { type Approved, acceptApproved } from './accept-approved.ts';
import { cancelBefore, cancelLapsed, type Seen } from './cancel-lapsed.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { type CancelCount, changesOfTicket } from './ticket-revisions.ts';
import type { TicketSource } from './ticket-source.ts';

/** What became of a ticket. `says` is in the configuration's words and may be logged. */
export type TicketEnd =
  | Approved
  /** `submitted`: it waits for approval. What an earlier approval began is taken back. */
  | { kind: 'submitted' | 'withdrawn'; taking: CancelCount }
  | { kind: 'ignored'; reason: string; says: string };

/**
 * Takes a ticket as it stands now, whoever brings it: a delivery's was read back, reconciling found it in a list. The same
 * ticket again does what is left to do, and nothing else. Rejects as the ports do.
 */
export async function takeTicket(ports: TicketPorts, from: TicketSource, seen: Seen): Promise<TicketEnd> {
  const { ticket } = seen;
  const verdict = judgeTicket(from.gate, ticket.payload);
  if (verdict.kind === 'ignored' && verdict.reason !== 'not-approved') return verdict;
  if (verdict.ticketId !== ticket.id) return MISMATCH;
  if (verdict.kind === 'approved') return acceptApproved(ports, from, seen);
  const known = await changesOfTicket(ports, from.name, ticket.id);
  if (verdict.kind === 'submitted' || verdict.kind === 'withdrawn') {
    const why = verdict.kind === 'withdrawn' ? `its approval is over: ${verdict.says}` : 'it waits for approval again';
    return { kind: verdict.kind, taking: await cancelBefore(ports, from, seen, known, `The ticket says that ${why}.`) };
  }
  const taking = await cancelLapsed(ports, from, seen, known);
  if (taking === undefined) return { kind: 'ignored', reason: 'not-approved', says: verdict.says };
  return { kind: 'withdrawn', taking };
}

const MISMATCH: TicketEnd = {
  kind: 'ignored',
  reason: 'ticket-mismatch',
  says: 'the field that "gate.ticket" names does not hold the number of the ticket that was read back',
};
