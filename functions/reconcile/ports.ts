import type { TicketPorts } from '../../shared/accept/tickets/ticket-ports.ts';
import type { FailureDrain } from '../../shared/ports/ports.ts';
export type ReconcilePorts = TicketPorts & { drain: FailureDrain };
