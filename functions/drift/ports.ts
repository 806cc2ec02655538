import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import type { Ignores } from '../../shared/ports/ignores.ts';
import type { Clock, Log, Meter, ReportStore, ReportTopic } from '../../shared/ports/ports.ts';
import type { LatestReports } from '../../shared/ports/stored-reports.ts';
import type { CatalogStore } from '../../shared/reading/catalog-cache.ts';
import type { SurveyPorts } from '../../shared/reading/survey-drift.ts';

/** A report ends in these. */
export type Outputs = {
  reports: ReportStore;
  /** The last report of each lane, which the next one is carried over from. */
  latest: LatestReports;
  catalogs: CatalogStore;
  topic: ReportTopic;
};

/** A survey becomes a report with its state over time, which is stored, counted and announced. */
export type ReportPorts = Omit<Outputs, 'catalogs'> & {
  ignores: Ignores;
  meter: Meter;
  log: Log;
  clock: Pick<Clock, 'now'>;
};

/** The drift report reads ledger and ZPA, and writes only reports, catalogs and the ends of ignores. */
export type DriftPorts = SurveyPorts &
  ReportPorts &
  Outputs & {
    configuration: Configuration;
  };
