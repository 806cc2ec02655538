import type { TicketPorts } from '../../shared/accept/tickets/ticket-ports.ts';
import type { Chance, FailureDrain } from '../../shared/ports/ports.ts';

/** Reconcile processes tickets as ingest does, and removes superseded failures from their queue. */
export type ReconcilePorts = TicketPorts & { drain: FailureDrain; chance: Chance };
