import type { DriftTicket } from '../domain/drift/ticket/drift-ticket.ts';
import type { Lane } from '../domain/lane/change-ref.ts';
import type { Written } from './ports.ts';

/** The tickets about drift, one record per tenant of a lane, in the ledger's table. Reads are consistent, writes as `Ledger.writeChange`. */
export type DriftTickets = {
  /** Version 0 before the first write. */
  read(lane: Lane, tenant: string): Promise<DriftTicket>;
  write(record: DriftTicket, expected: number): Promise<Written<DriftTicket>>;
};
