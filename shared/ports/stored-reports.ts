/** The last stored drift report of each lane, which the next one carries on from. */
export type LatestReports = {
  /** The JSON text under its key in the bucket; undefined: there is none. Rejects with code `report-failed`. */
  read(key: string): Promise<string | undefined>;
};

/** All stored drift reports. */
export type StoredReports = LatestReports & {
  /** At most 1,000 keys that begin so, in their order. Rejects with code `report-failed`. */
  list(prefix: string): Promise<string[]>;
};
