import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import type { Timing } from '../../../shared/domain/ledger/timing.ts';
import type {
  Chance,
  ChangeQueue,
  Clock,
  Deferral,
  FailureQueue,
  Ledger,
  Log,
  Meter,
  OutcomeTopic,
  ZpaFor,
} from '../../../shared/ports/ports.ts';
import type { CatalogStore } from '../../../shared/reading/catalog-cache.ts';
import type { RuleReadings } from '../../../shared/reading/read-rules.ts';

/** Everything the worker reaches outside itself; each method is a place where it may be stopped for good. */
export type ApplyPorts = {
  ledger: Ledger;
  zpaFor: ZpaFor;
  /** Policy rules of the last minutes, shared by the changes of a process. */
  ruleReadings: RuleReadings;
  /** What was read completely, for names that were perhaps meant; absent: none are offered. */
  catalogs?: Pick<CatalogStore, 'read'>;
  /** For failures that the AWS console moved back. */
  queue: ChangeQueue;
  deferral: Deferral;
  failures: FailureQueue;
  outcomes: OutcomeTopic;
  clock: Clock;
  chance: Chance;
  log: Log;
  meter: Meter;
  configuration: Configuration;
  timing: Timing;
};

/** How much of this invocation is left: in milliseconds, and as a signal that reads and waits obey. */
export type Invocation = { remainingMs(): number; signal: AbortSignal };

/** How work on a lane ended for now. `again`: time is up and there is more; `wait`: nothing can be done before. */
export type LaneEnd = { kind: 'done' } | { kind: 'again' } | { kind: 'wait'; delayMs: number; reason: string };
