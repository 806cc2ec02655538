import { codeSpan } from '../text/visible-text.ts';
import { countFindings, FINDING_KINDS, isDrift, REPORTS_BEGIN } from './drift.ts';
import type { DriftReport, Finding, FindingKind } from './report.ts';

/**
 * The longest Markdown report, in UTF-16 units; findings that do not fit are counted and are in the JSON report only.
 */
export const MAX_MARKDOWN = 256 * 1024;

const HEADINGS: Record<FindingKind, string> = {
  missing: 'Missing: approved by a ticket, not in ZPA',
  resurrected: 'Resurrected: deleted by a ticket, live again',
  changed: 'Changed: not as the ticket approved it',
  added: 'Added: application segments in a group without approval',
  removed: 'Removed: approved application segments that left their group',
  unmanaged: 'Unmanaged: in ZPA, in no ticket',
};

/** Keys of a report in the bucket, without file extension: `drift/PRODUCTION-216196257331281920/20261201T060000Z`. */
export function reportKeys(report: DriftReport): { dated: string; latest: string } {
  const folder = `${REPORTS_BEGIN}${report.lane.replaceAll(/[^A-Za-z0-9-]/g, '-')}`;
  const instant = report.startedAt.replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '');
  return { dated: `${folder}/${instant}`, latest: `${folder}/latest` };
}

/** The complete report for programs, in the shape of `DriftReport`. */
export function driftJson(report: DriftReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** One line with the number of findings, for subjects and logs: ASCII, without foreign text. */
export function driftHeadline(report: DriftReport): string {
  const drift = report.findings.filter(isDrift).length;
  const count = drift === 0 ? 'no drift' : drift === 1 ? '1 drift finding' : `${drift} drift findings`;
  return report.complete ? `${report.lane}: ${count}` : `${report.lane}: ${count}, not everything could be read`;
}

/** The report for people. All foreign text is in code spans, so that no renderer interprets it. */
export function driftMarkdown(report: DriftReport): string {
  const counts = countFindings(report.findings);
  const lines = [
    `# Drift of ${codeSpan(report.lane)}`,
    '',
    `${report.startedAt} to ${report.finishedAt}, tenants ${report.tenants.map((name) => codeSpan(name)).join(', ')}`,
    '',
    ...Object.entries(report.coverage).map(([name, count]) => `- ${name}: ${count}`),
    '',
  ];
  let length = lines.join('\n').length;
  for (const kind of FINDING_KINDS) {
    if (counts[kind] === 0) continue;
    lines.push(`## ${HEADINGS[kind]} (${counts[kind]})`, '');
    const of = report.findings.filter((finding) => finding.kind === kind);
    for (const [index, finding] of of.entries()) {
      const item = describe(finding);
      length += item.length + 1;
      if (length > MAX_MARKDOWN - 2000) {
        lines.push(`- … and ${of.length - index} more, see the JSON report`);
        break;
      }
      lines.push(item);
    }
    lines.push('');
  }
  for (const { tenant, reason } of report.notChecked)
    lines.push(`- not checked: ${codeSpan(tenant)} ${codeSpan(reason)}`);
  if (report.findings.length === 0) lines.push('Everything is as tickets approved it.', '');
  return lines.join('\n');
}

function describe({ id, facet, group, before, after, approval, state }: Finding): string {
  const approved = approval === undefined ? '' : `, approved by ${codeSpan(approval.key)}`;
  const name = group.name === '' ? 'a group without a known name' : codeSpan(group.name);
  return `- ${id} **${name}** (${codeSpan(group.id)}) ${codeSpan(facet)}: ${codeSpan(before)} is ${codeSpan(after)}${approved} (${state})`;
}
