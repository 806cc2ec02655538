import type { Configuration } from '../../domain/configuration/configuration.ts';
import type { Timing } from '../../domain/ledger/timing.ts';
import type { KnownLanes } from '../../ports/known-lanes.ts';
import type { Chance, ChangeQueue, Clock, Ledger, Log, Meter, SecretReader } from '../../ports/ports.ts';

/** What accepting changes needs, whoever brings them: a delivery, or the search for tickets that never arrived. */
export type AcceptPorts = {
  configuration: Configuration;
  timing: Pick<Timing, 'statusKeptMs'>;
  ledger: Pick<
    Ledger,
    'takeSequences' | 'lastSequence' | 'readChange' | 'writeChange' | 'openChanges' | 'putStatusLink'
  >;
  /** Whether a tenant had another customer before. */
  knownLanes: Pick<KnownLanes, 'read'>;
  queue: ChangeQueue;
  secrets: SecretReader;
  clock: Pick<Clock, 'now'>;
  chance: Pick<Chance, 'id'>;
  log: Log;
  meter: Meter;
};
