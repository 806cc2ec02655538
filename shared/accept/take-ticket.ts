import { judgeTicket } from '../domain/approval/judge-ticket.ts';
import type { TicketRecord } from '../ticket-system.ts';
import { type Approved, acceptApproved } from './accept-approved.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { cancelOpen, changesOfTicket, type Taking } from './ticket-revisions.ts';
import type { TicketSource } from './ticket-source.ts';

/** What became of a ticket. `says` is in the configuration's words and may be logged. */
export type TicketEnd =
  | Approved
  /** `submitted`: it waits for approval. What an earlier approval began is taken back. */
  | { kind: 'submitted'; ticketId: string; taking: Taking }
  | { kind: 'withdrawn'; ticketId: string; taking: Taking }
  | { kind: 'ignored'; reason: string; says: string };

/**
 * Takes a ticket as it stands now, whoever brings it: a delivery's was read back, reconciling found it in a list. The same
 * ticket again does what is left to do, and nothing else. Rejects as the ports do.
 */
export async function takeTicket(ports: TicketPorts, from: TicketSource, ticket: TicketRecord): Promise<TicketEnd> {
  const verdict = judgeTicket(from.gate, ticket.payload);
  if (verdict.kind === 'ignored') return verdict;
  if (verdict.ticketId !== ticket.id) return MISMATCH;
  if (verdict.kind === 'unclear') return { kind: 'ignored', reason: 'not-approved', says: verdict.says };
  if (verdict.kind === 'approved') return acceptApproved(ports, from, ticket);
  const records = await changesOfTicket(ports, from.name, ticket.id);
  const why = verdict.kind === 'withdrawn' ? `its approval is over: ${verdict.says}` : 'it waits for approval again';
  const taking = await cancelOpen(ports, records, { by: from.name, reason: `The ticket says that ${why}.` });
  return { kind: verdict.kind, ticketId: ticket.id, taking };
}

const MISMATCH: TicketEnd = {
  kind: 'ignored',
  reason: 'ticket-mismatch',
  says: 'the field that "gate.ticket" names does not hold the number of the ticket that was read back',
};
