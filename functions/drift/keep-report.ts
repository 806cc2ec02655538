import { driftMarkdown } from '../../shared/domain/drift/render/markdown.ts';
import { driftHtml } from '../../shared/domain/drift/render/page/drift-page.ts';
import { driftJson, reportKeys } from '../../shared/domain/drift/render/report-files.ts';
import type { DriftReport } from '../../shared/domain/drift/report.ts';
import type { DesiredGroup } from '../../shared/domain/records/desired-group.ts';
import type { ReportStore } from '../../shared/ports/ports.ts';
import { announce, type StoredReport } from './announce.ts';
import { carryState } from './carry-state.ts';
import { countReport, numbersOf } from './count-report.ts';
import type { ReportPorts } from './ports.ts';

/**
 * Makes the report of a survey, stores it, counts it and announces it. It becomes the last report at the end: if
 * anything before fails, the next one still calls new what nobody was told of. Rejects if the ignores or the last
 * report cannot be read, or the report not be stored or announced.
 */
export async function keepReport(
  ports: ReportPorts,
  survey: DriftReport,
  desired: readonly DesiredGroup[],
): Promise<DriftReport> {
  const report = await carryState(ports, survey, desired);
  const { dated, latest } = reportKeys(report);
  const texts = { markdown: driftMarkdown(report), html: driftHtml(report), json: driftJson(report) };
  const stored = await store(ports.reports, texts, dated);
  const numbers = numbersOf(report);
  countReport(ports.meter, report, numbers);
  await announce(ports.topic, report, numbers, { ...stored, key: dated.json });
  await store(ports.reports, texts, latest);
  const { lane, complete, closed, notChecked } = report;
  const counts = { ...numbers.states, closed: closed.length, notChecked: notChecked.length };
  ports.log.info('drift reported', { lane, complete, ...counts });
  return report;
}

type Files = Record<keyof StoredReport, string>;

async function store(reports: ReportStore, texts: Files, keys: Files): Promise<StoredReport> {
  const markdown = await reports.put(keys.markdown, texts.markdown, 'text/markdown; charset=utf-8');
  const html = await reports.put(keys.html, texts.html, 'text/html; charset=utf-8');
  // The next report is carried over from the JSON, so it is stored last.
  const json = await reports.put(keys.json, texts.json, 'application/json');
  return { json: json.url, markdown: markdown.url, html: html.url };
}
