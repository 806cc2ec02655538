import { countFindings, FINDING_KINDS } from '../../shared/domain/drift/drift.ts';
import { driftHeadline, driftJson, driftMarkdown, reportKeys } from '../../shared/domain/drift/drift-report.ts';
import type { DriftReport } from '../../shared/domain/drift/report.ts';
import type { Lane } from '../../shared/domain/lane/change-ref.ts';
import { visible } from '../../shared/domain/text/visible-text.ts';
import { surveyLane } from '../../shared/reading/survey-drift.ts';
import type { DriftPorts } from './ports.ts';
import { storeCatalogs } from './store-catalogs.ts';

/** The summary of one lane's report. */
type LaneSummary = Pick<DriftReport, 'lane' | 'complete' | 'coverage'> & {
  findings: ReturnType<typeof countFindings>;
  reports: { json: string; markdown: string };
};

/**
 * Makes the report of one lane, stores it in the bucket, counts it as a metric and announces it on the topic. The names read
 * become the catalog of each tenant. Rejects if the ledger cannot be read or the report not be stored or announced.
 */
export async function reportLane(ports: DriftPorts, lane: Lane, signal: AbortSignal): Promise<void> {
  const asOf = ports.clock.now();
  const { report, listings, applications } = await surveyLane(ports, ports.configuration, lane, signal);
  const { dated, latest } = reportKeys(report);
  const json = driftJson(report);
  const markdown = driftMarkdown(report);
  const reports = {
    json: (await ports.reports.put(`${dated}.json`, json, 'application/json')).url,
    markdown: (await ports.reports.put(`${dated}.md`, markdown, 'text/markdown; charset=utf-8')).url,
  };
  await ports.reports.put(`${latest}.json`, json, 'application/json');
  const { complete, coverage } = report;
  const summary: LaneSummary = { lane, complete, coverage, findings: countFindings(report.findings), reports };
  for (const kind of FINDING_KINDS) ports.meter.count('DriftFindings', summary.findings[kind], { lane, kind });
  ports.log.info('drift reported', { lane, complete, ...summary.findings });
  await ports.topic.publish(`Drift of ${driftHeadline(report)}`, announcement(report, summary), {
    kind: 'drift-report',
    schemaVersion: 1,
    ...summary,
  });
  await storeCatalogs(ports, lane, { listings, applications, asOf });
}

const MAX_FINDINGS = 10;

/** The text of the message: short, plain, and without characters that control a terminal or a mail program. */
function announcement(report: DriftReport, { coverage, findings, reports }: LaneSummary): string {
  const kinds = FINDING_KINDS.filter((kind) => findings[kind] > 0).map((kind) => `${findings[kind]} ${kind}`);
  const named = [
    ...report.findings.map(
      ({ kind, group, state }) =>
        `  ${kind}: "${visible(group.name, 80)}" (${group.id})${state === 'in-flight' ? ', in flight' : ''}`,
    ),
    ...report.notChecked.map(({ tenant, reason }) => `  not checked: tenant ${tenant}: ${visible(reason)}`),
  ];
  return [
    driftHeadline(report),
    '',
    `${coverage.live} groups live, ${coverage.managed} from tickets, ${coverage.drifted} of them drifted.`,
    `Findings: ${kinds.length === 0 ? 'none' : kinds.join(', ')}.`,
    ...named.slice(0, MAX_FINDINGS),
    ...(named.length > MAX_FINDINGS ? [`  … and ${named.length - MAX_FINDINGS} more`] : []),
    '',
    `Report: ${reports.markdown}`,
    `JSON:   ${reports.json}`,
  ].join('\n');
}
