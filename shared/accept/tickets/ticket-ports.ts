import type { Evaluate } from '../../domain/mapping/map-by-expression.ts';
import type { PlanStore } from '../../ports/plan-store.ts';
import type { Clock, Ledger, TicketChanges } from '../../ports/ports.ts';
import type { TicketReader, TicketWriter } from '../../ports/ticket-system.ts';
import type { AcceptPorts } from '../changes/accept-ports.ts';

/** What taking a ticket in needs beside accepting its changes. */
export type TicketPorts = AcceptPorts & {
  ledger: TicketChanges & Pick<Ledger, 'readLane'>;
  clock: Clock;
  /** Carries out JSONata; absent: mappings that are expressions have a fault. */
  evaluate?: Evaluate;
  /** Where plans of submitted tickets are kept; absent: nothing is held to one. */
  planned?: Pick<PlanStore, 'bindingOf'>;
  /** Absent: no source has a ticket system. */
  tickets?: TicketAccess;
};

/** Ticket systems by the name of their source; a signal ends what is asked through it. */
export type TicketAccess = {
  /** undefined: its tickets cannot be read back. */
  readerOf(source: string, signal?: AbortSignal): TicketReader | undefined;
  /** undefined: nothing can be said on them. */
  writerOf(source: string, signal?: AbortSignal): TicketWriter | undefined;
};
