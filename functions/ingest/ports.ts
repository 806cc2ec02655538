import type { TicketPorts } from '../../shared/accept/tickets/ticket-ports.ts';
import type { Headers } from '../../shared/domain/source/scheme.ts';
import type { Ledger } from '../../shared/ports/ports.ts';

/** Ingest settles nothing in the ledger except the changes that a source cancels. */
export type IngestPorts = TicketPorts & {
  ledger: Pick<Ledger, 'readLane' | 'writeDelivery'>;
  /** Absent: submitted tickets are answered without a plan. */
  plans?: PlanRequests;
};

/**
 * Requests a plan of a ticket that was submitted and is not approved yet. Resolves when the request is stored; the plan
 * function makes the plan later. `payload`: the ticket as the source sent it.
 */
export type PlanRequests = {
  send(request: { source: string; ticketId: string; payload: unknown }): Promise<void>;
};

/** One HTTP attempt by a source; nothing in it is trusted. */
export type Delivery = {
  method: string;
  /** From the path. */
  source: string;
  /** The client's address as API Gateway saw it; undefined: API Gateway did not give it. */
  sourceIp: string | undefined;
  headers: Headers;
  /** As API Gateway passes it on: text, or bytes in base64. It is decoded only after the gates before it. */
  body: { text: string; base64: boolean };
  /** Status links begin with this: `https://host`. */
  publicUrl: string;
};
