import type { TicketPorts } from '../../shared/accept/tickets/ticket-ports.ts';
import type { Chance, FailureDrain, Ledger } from '../../shared/ports/ports.ts';

/** Reconcile processes tickets as ingest does, also those of failures, and removes superseded failures from their queue. */
export type ReconcilePorts = TicketPorts & {
  ledger: Pick<Ledger, 'failedChanges'>;
  drain: FailureDrain;
  chance: Chance;
};
