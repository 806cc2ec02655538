import { judgeTicket, type TicketVerdict } from '../domain/approval/judge-ticket.ts';
import { lapsedOf } from '../domain/approval/lapsed.ts';
import type { TicketRecord } from '../ticket-system.ts';
import { type Approved, acceptApproved } from './accept-approved.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { cancelOpen, changesOfTicket, type Taking } from './ticket-revisions.ts';
import type { TicketSource } from './ticket-source.ts';

/**
 * A ticket as it stood at some moment after `asOf` (epoch ms): what was accepted since may rest on an approval that it does
 * not show yet. `told`: by a trusted payload, which shows no history and not every approval.
 */
export type Seen = { ticket: TicketRecord; asOf: number; told?: true };

/** What became of a ticket. `says` is in the configuration's words and may be logged. */
export type TicketEnd =
  | Approved
  /** `submitted`: it waits for approval. What an earlier approval began is taken back. */
  | { kind: 'submitted' | 'withdrawn'; taking: Taking }
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
  const before = known.filter(({ acceptedAt }) => acceptedAt <= seen.asOf);
  if (verdict.kind === 'submitted' || verdict.kind === 'withdrawn') {
    const why = verdict.kind === 'withdrawn' ? `its approval is over: ${verdict.says}` : 'it waits for approval again';
    const taking = await cancelOpen(ports, before, wish(from, `The ticket says that ${why}.`));
    return { kind: verdict.kind, taking };
  }
  const lapsed = seen.told === true ? [] : lapsedOf(from.gate, ticket, before);
  if (lapsed.length === 0) return leftAlone(verdict);
  const taking = await cancelOpen(ports, lapsed, wish(from, 'Their approval does not stand on the ticket any more.'));
  return { kind: 'withdrawn', taking };
}

const wish = ({ name }: TicketSource, reason: string) => ({ by: name, reason: reason.slice(0, 500) });

const leftAlone = ({ says }: TicketVerdict): TicketEnd => ({ kind: 'ignored', reason: 'not-approved', says });

const MISMATCH: TicketEnd = {
  kind: 'ignored',
  reason: 'ticket-mismatch',
  says: 'the field that "gate.ticket" names does not hold the number of the ticket that was read back',
};
