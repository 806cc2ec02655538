import { driftMarkdown } from '../../shared/domain/drift/render/markdown.ts';
import { driftHtml } from '../../shared/domain/drift/render/page/drift-page.ts';
import { driftJson, reportKeys } from '../../shared/domain/drift/render/report-files.ts';
import type { DriftReport } from '../../shared/domain/drift/report.ts';
import type { ReportStore } from '../../shared/ports/ports.ts';
import { announce } from './announce.ts';
import { carryState } from './carry-state.ts';
import { countReport, figuresOf } from './count-report.ts';
import type { ReportPorts } from './ports.ts';

/**
 * Makes the report of a survey, stores it, counts it and announces it. It becomes the last report at the end: if anything before
 * fails, the next one still calls new what nobody was told of. Rejects if the ledger or the last report cannot be read, or the
 * report not be stored or announced.
 */
export async function keepReport(ports: ReportPorts, survey: DriftReport): Promise<DriftReport> {
  const report = await carryState(ports, survey);
  const { dated, latest } = reportKeys(report);
  const stored = await store(ports.reports, report, dated);
  const figures = figuresOf(report);
  countReport(ports.meter, report, figures);
  await announce(ports.topic, report, figures, stored);
  await store(ports.reports, report, latest);
  const { lane, complete, closed, notChecked } = report;
  const numbers = { ...figures.states, closed: closed.length, notChecked: notChecked.length };
  ports.log.info('drift reported', { lane, complete, ...numbers });
  return report;
}

/** The addresses of a report's files. */
export type StoredReport = Record<keyof ReturnType<typeof reportKeys>['dated'], string>;

async function store(reports: ReportStore, report: DriftReport, keys: StoredReport): Promise<StoredReport> {
  const markdown = await reports.put(keys.markdown, driftMarkdown(report), 'text/markdown; charset=utf-8');
  const html = await reports.put(keys.html, driftHtml(report), 'text/html; charset=utf-8');
  // The next report is carried over from the JSON, so it is stored last.
  const json = await reports.put(keys.json, driftJson(report), 'application/json');
  return { json: json.url, markdown: markdown.url, html: html.url };
}
