import { countsLine, driftHeadline, openFindings } from '../../shared/domain/drift/render/report-summary.ts';
import type { DriftReport, Finding } from '../../shared/domain/drift/report.ts';
import { visible } from '../../shared/domain/text/visible-text.ts';
import type { ReportTopic } from '../../shared/ports/ports.ts';
import type { ReportNumbers } from './count-report.ts';

/** The addresses of a report's files. */
export type StoredReport = { json: string; markdown: string; html: string };

/** `key`: of its JSON, by which `notify` reads it. */
type AnnouncedReport = StoredReport & { key: string };

/** Announces a stored report: a text for people, and for programs its numbers and addresses. Rejects as the topic does. */
export async function announce(
  topic: ReportTopic,
  report: DriftReport,
  { findings, states }: ReportNumbers,
  { key, ...reports }: AnnouncedReport,
): Promise<void> {
  const { lane, complete, coverage, closed } = report;
  await topic.publish(`Drift of ${driftHeadline(report)}`, textOf(report, reports), {
    kind: 'drift-report',
    schemaVersion: 2,
    lane,
    complete,
    coverage,
    findings,
    states,
    closed: closed.length,
    key,
    reports,
  });
}

const MAX_FINDINGS = 10;

/** Short, plain, and without characters that control a terminal or a mail program. What is new comes first. */
function textOf(report: DriftReport, reports: StoredReport): string {
  const newestFirst = openFindings(report).toSorted((a, b) => Number(b.state === 'new') - Number(a.state === 'new'));
  const lines = [
    ...newestFirst.map(findingLine),
    ...report.notChecked.map(({ tenant, reason }) => `  not checked: tenant ${tenant}: ${visible(reason)}`),
  ];
  return [
    driftHeadline(report),
    '',
    `${countsLine(report)}.`,
    ...lines.slice(0, MAX_FINDINGS),
    ...(lines.length > MAX_FINDINGS ? [`  … and ${lines.length - MAX_FINDINGS} more`] : []),
    '',
    `Report: ${reports.html}`,
    `Text:   ${reports.markdown}`,
    `JSON:   ${reports.json}`,
  ].join('\n');
}

function findingLine({ id, state, kind, facet, group, application }: Finding): string {
  const part = application === undefined ? facet : `"${visible(application.name, 80)}"`;
  return `  ${id} ${state}, ${kind}: ${part} of "${visible(group.name, 80)}" (${group.id})`;
}
