import type { Clock, Ledger, Log, Meter } from '../../shared/ports/ports.ts';

/** The function only reads. */
export type StatusPorts = {
  ledger: Pick<Ledger, 'readChange' | 'readStatusLink'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  meter: Meter;
};
