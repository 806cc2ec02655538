import type { Configuration } from '../../domain/configuration/configuration.ts';
import type { Timing } from '../../domain/ledger/timing.ts';
import type { KnownLanes } from '../../ports/known-lanes.ts';
import type { Chance, ChangeQueue, Clock, Ledger, Log, Meter, SecretReader } from '../../ports/ports.ts';

/** The ports of accepting changes, for ingest and for reconcile. */
export type AcceptPorts = {
  configuration: Configuration;
  timing: Pick<Timing, 'statusKeptMs' | 'settledKeptMs' | 'clockSkewMs'>;
  ledger: Pick<
    Ledger,
    | 'takeSequences'
    | 'lastSequence'
    | 'readChange'
    | 'readLane'
    | 'writeChange'
    | 'claimKey'
    | 'readClaim'
    | 'openChanges'
    | 'putStatusLink'
  >;
  /** Gets the lanes and sources of changes before the changes enter the ledger. */
  knownLanes: KnownLanes;
  queue: ChangeQueue;
  secrets: SecretReader;
  clock: Pick<Clock, 'now'>;
  chance: Pick<Chance, 'id'>;
  log: Log;
  meter: Meter;
};
