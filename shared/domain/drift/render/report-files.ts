import { REPORTS_BEGIN } from '../drift.ts';
import type { DriftReport } from '../report.ts';

type ReportKeys = { json: string; markdown: string; html: string };

/** Keys of a report in the bucket: `drift/PRODUCTION-216196257331281920/20261201T060000Z.json`, and `latest.json` beside it. */
export function reportKeys(report: Pick<DriftReport, 'lane' | 'startedAt'>): { dated: ReportKeys; latest: ReportKeys } {
  const instant = report.startedAt.replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '');
  return { dated: keysOf(report.lane, instant), latest: latestKeys(report.lane) };
}

/** Keys of the lane's latest report, by which the next one reads it back. */
export function latestKeys(lane: string): ReportKeys {
  return keysOf(lane, 'latest');
}

function keysOf(lane: string, name: string): ReportKeys {
  const key = `${REPORTS_BEGIN}${lane.replaceAll(/[^A-Za-z0-9-]/g, '-')}/${name}`;
  return { json: `${key}.json`, markdown: `${key}.md`, html: `${key}.html` };
}

/** The complete report for programs, in the shape of `DriftReport`. */
export function driftJson(report: DriftReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
