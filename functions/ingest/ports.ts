import type { TicketPorts } from '../../shared/accept/tickets/ticket-ports.ts';
import type { Headers } from '../../shared/domain/source/scheme.ts';
import type { Ledger } from '../../shared/ports/ports.ts';

/** What ingest needs; all it settles in the ledger is what a source asks back. */
export type IngestPorts = TicketPorts & {
  ledger: Pick<Ledger, 'readLane' | 'writeDelivery'>;
  /** Absent: submitted tickets are answered without a plan. */
  plans?: PlanRequests;
};

/**
 * Asks for a plan of a ticket that was submitted and is not approved yet. Resolves when the request is kept; the plan
 * itself is made elsewhere and later. `payload`: the ticket as the source sent it.
 */
export type PlanRequests = {
  ask(request: { source: string; ticketId: string; payload: unknown }): Promise<void>;
};

/** One HTTP attempt by a source, as far as it matters; nothing in it is trusted. */
export type Delivery = {
  method: string;
  /** From the path. */
  source: string;
  /** Of whoever opened the connection, as API Gateway saw it; undefined: it did not say. */
  sourceIp: string | undefined;
  headers: Headers;
  /** As API Gateway passes it on: text, or bytes in base64. Decoded only after the gates before it. */
  body: { text: string; base64: boolean };
  /** Where status links begin: `https://host`. */
  publicUrl: string;
};
