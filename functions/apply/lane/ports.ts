import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import type { Timing } from '../../../shared/domain/ledger/timing.ts';
import type {
  Acknowledgement,
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
import type { CachedCatalogs, CatalogStore } from '../../../shared/reading/catalog-cache.ts';
import type { RuleReadings } from '../../../shared/reading/read-rules.ts';
import type { SharedReadBudgetStore } from '../../../shared/reading/shared-reads.ts';

/** Everything that the worker calls outside itself; the worker may die before or after each call. */
export type ApplyPorts = {
  ledger: Ledger;
  zpaFor: ZpaFor;
  /** Policy rules that were read in the last minutes, shared by the changes of a process. */
  ruleReadings: RuleReadings;
  /**
   * The last complete reads of the tenants, for suggested names; absent: no names are suggested. Without `live` none where
   * no catalog is stored.
   */
  catalogs?: Pick<CatalogStore, 'read'> & Partial<Pick<CachedCatalogs, 'live'>>;
  /** The reads of the deployed readers, which the lane borrows while these ask for none; absent: it borrows none. */
  sharedReads?: SharedReadBudgetStore;
  /** Receives the redriven changes of failures that the AWS console moved back. */
  queue: ChangeQueue;
  deferral: Deferral;
  acknowledgement: Acknowledgement;
  failures: FailureQueue;
  outcomes: OutcomeTopic;
  clock: Clock;
  chance: Chance;
  log: Log;
  meter: Meter;
  configuration: Configuration;
  timing: Timing;
};
