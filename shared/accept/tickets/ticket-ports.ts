import type { Evaluate } from '../../domain/mapping/map-by-expression.ts';
import type { PlanStore } from '../../ports/plan-store.ts';
import type { Clock, Ledger, TicketChanges } from '../../ports/ports.ts';
import type { TicketReader, TicketWriter } from '../../ports/ticket-system.ts';
import type { Withdrawals } from '../../ports/withdrawals.ts';
import type { AcceptPorts } from '../changes/accept-ports.ts';

/** The ports of processing a ticket: those of accepting changes and some more. */
export type TicketPorts = AcceptPorts & {
  ledger: TicketChanges & Pick<Ledger, 'readLane'>;
  clock: Clock;
  /** Evaluates JSONata; absent: mappings that are expressions have a fault. */
  evaluate?: Evaluate;
  /** Plans of submitted tickets; absent: no change is bound to a plan. */
  planned?: Pick<PlanStore, 'bindingOf'>;
  withdrawals: Withdrawals;
  /** Absent: no source has a ticket system. */
  tickets?: TicketAccess;
};

/** Ticket systems by the name of their source; the signal aborts the calls of that reader or writer. */
export type TicketAccess = {
  /** undefined: its tickets cannot be read back. */
  readerOf(source: string, signal?: AbortSignal): TicketReader | undefined;
  /** undefined: its tickets cannot be commented on. */
  writerOf(source: string, signal?: AbortSignal): TicketWriter | undefined;
};
