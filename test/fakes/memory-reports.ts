import type { ReportStore } from '../../shared/ports/ports.ts';

export type MemoryReports = ReportStore & { readonly reports: Map<string, { body: string; contentType: string }> };

export function createMemoryReports(): MemoryReports {
  const reports: MemoryReports['reports'] = new Map();
  return {
    reports,
    async put(key, body, contentType) {
      reports.set(key, { body, contentType });
      return { url: `memory://reports/${key}` };
    },
  };
}
