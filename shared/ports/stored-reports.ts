import type { LatestReports } from './latest-reports.ts';

/** All stored drift reports. */
export type StoredReports = LatestReports & {
  /** At most 1,000 keys that begin so, in their order. Rejects with code `report-failed`. */
  list(prefix: string): Promise<string[]>;
};
