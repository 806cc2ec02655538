import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import type { Log, Meter, ReportStore, ReportTopic } from '../../shared/ports/ports.ts';
import type { CatalogStore } from '../../shared/reading/catalog-cache.ts';
import type { SurveyPorts } from '../../shared/reading/survey-drift.ts';

/** The drift report reads ledger and ZPA, and writes only reports and catalogs. */
export type DriftPorts = SurveyPorts & {
  configuration: Configuration;
  reports: ReportStore;
  catalogs: Pick<CatalogStore, 'put'>;
  topic: ReportTopic;
  meter: Meter;
  log: Log;
};
