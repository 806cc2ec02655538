import type { Clock, Ledger, Log, Meter } from '../../shared/ports/ports.ts';
import type { SetNotes } from '../../shared/ports/set-notes.ts';

/** The function only reads. */
export type StatusPorts = {
  ledger: Pick<Ledger, 'readChange' | 'readStatusLink'>;
  /** `notify` notes the members of a change set as they end. */
  notes: Pick<SetNotes, 'read'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  meter: Meter;
};
