import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import type { Timing } from '../../shared/domain/ledger/timing.ts';
import type { NotifyTiming } from '../../shared/domain/notice/retry-schedule.ts';
import type { DriftTickets } from '../../shared/ports/drift-tickets.ts';
import type { Chance, Clock, Deferral, Ledger, Log, Meter, SecretReader } from '../../shared/ports/ports.ts';
import type { SetNotes } from '../../shared/ports/set-notes.ts';
import type { LatestReports } from '../../shared/ports/stored-reports.ts';
import type { TicketOpener, TicketWriter } from '../../shared/ports/ticket-system.ts';

export type NotifyPorts = {
  configuration: Configuration;
  timing: NotifyTiming & Pick<Timing, 'statusKeptMs'>;
  /** Status links begin with this: `https://host`. */
  publicUrl: string;
  notes: SetNotes;
  ledger: Pick<Ledger, 'readChange' | 'putStatusLink'>;
  /** undefined: this source has no ticket system to comment in. */
  writerOf: (source: string, signal: AbortSignal) => TicketWriter | undefined;
  /** As `writerOf`: files tickets. */
  openerOf: (source: string, signal: AbortSignal) => TicketOpener | undefined;
  /** The stored drift reports, and the tickets about them. */
  reports: LatestReports;
  driftTickets: DriftTickets;
  secrets: SecretReader;
  deferral: Deferral;
  clock: Pick<Clock, 'now'>;
  chance: Chance;
  log: Log;
  meter: Meter;
};
