import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import type { Log, Meter, ReportStore, ReportTopic } from '../../shared/ports/ports.ts';
import type { CatalogStore } from '../../shared/reading/catalog-cache.ts';
import type { SurveyPorts } from '../../shared/reading/survey-drift.ts';
export type CatalogPorts = Pick<SurveyPorts, 'zpaOf' | 'clock' | 'pausesMs'> & {
  configuration: Configuration;
  catalogs: Pick<CatalogStore, 'keep'>;
  meter: Meter;
  log: Log;
};

export type DriftPorts = SurveyPorts &
  CatalogPorts & {
    configuration: Configuration;
    reports: ReportStore;
    topic: ReportTopic;
    meter: Meter;
    log: Log;
  };

/** The invocation's time: its last moment, and how much is left. */
export type Remaining = { signal: AbortSignal; remainingMs(): number };
