import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import type { Timing } from '../../shared/domain/ledger/timing.ts';
import type { OutboxPorts } from '../../shared/ledger/outbox.ts';
import type { KnownLanes } from '../../shared/ports/known-lanes.ts';
import type { ChangeQueue, Clock, Log, Meter } from '../../shared/ports/ports.ts';

/** The sweeper reads and writes the ledger and sends to queue and topic; it decides no change. */
export type SweepPorts = OutboxPorts & {
  knownLanes: KnownLanes;
  queue: ChangeQueue;
  clock: Clock;
  log: Log;
  meter: Meter;
  configuration: Configuration;
  timing: Timing;
};
