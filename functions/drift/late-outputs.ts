import { openLate } from '../../shared/runtime/open-late.ts';
import type { Outputs } from './ports.ts';

/**
 * The outputs of a report, whose code is loaded with the first use: a function that starts reads ledger and ZPA
 * first, and the clients of S3 and SNS are a fifth of its bundle.
 */
export function createLateOutputs(open: () => Promise<Outputs>): Outputs {
  const outputs = openLate(open);
  return {
    reports: { put: async (...object) => (await outputs.open()).reports.put(...object) },
    latest: { read: async (key) => (await outputs.open()).latest.read(key) },
    catalogs: {
      read: async (tenant) => (await outputs.open()).catalogs.read(tenant),
      put: async (catalog) => (await outputs.open()).catalogs.put(catalog),
    },
    topic: { publish: async (...report) => (await outputs.open()).topic.publish(...report) },
  };
}
