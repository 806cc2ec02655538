import { codeSpan } from '../text/visible-text.ts';
import {
  countFindings,
  type DriftReport,
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  isDrift,
  REPORTS_BEGIN,
} from './drift.ts';

/**
 * The longest Markdown report, in UTF-16 units; findings that do not fit are counted and are in the JSON report only.
 */
export const MAX_MARKDOWN = 256 * 1024;
const MAX_IDS_SHOWN = 20;

const HEADINGS: Record<FindingKind, string> = {
  missing: 'Missing: approved by a ticket, not in ZPA',
  changed: 'Changed: not as the ticket approved it',
  membership: 'Membership: application segments added or taken out',
  resurrected: 'Resurrected: deleted by a ticket, live again',
  unmanaged: 'Unmanaged: in ZPA, in no ticket',
  'not-checked': 'Not checked: could not be read, so nothing is said about it',
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
  const head = [
    `# Drift of ${codeSpan(report.lane)}`,
    '',
    `${report.startedAt} to ${report.finishedAt}, tenants ${report.tenants.map((name) => codeSpan(name)).join(', ')}`,
    '',
    ...coverageTable(report),
    '',
  ];
  const lines = [...head];
  let length = lines.join('\n').length;
  for (const kind of FINDING_KINDS) {
    if (counts[kind] === 0) continue;
    lines.push(`## ${HEADINGS[kind]} (${counts[kind]})`, '');
    const of = report.findings.filter((finding) => finding.kind === kind);
    for (const [index, finding] of of.entries()) {
      const item = describe(finding, report.applicationNames);
      length += item.length + 1;
      if (length > MAX_MARKDOWN - 2000) {
        lines.push(`- … and ${of.length - index} more, see the JSON report`);
        break;
      }
      lines.push(item);
    }
    lines.push('');
  }
  if (report.findings.length === 0) lines.push('Everything is as tickets approved it.', '');
  return lines.join('\n');
}

function coverageTable({ coverage }: DriftReport): string[] {
  const share = coverage.live === 0 ? 100 : Math.round((100 * (coverage.live - coverage.unmanaged)) / coverage.live);
  return [
    '| live | managed | in sync | drifted | in flight | not checked | resurrected | unmanaged | coverage |',
    '|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    `| ${[
      coverage.live,
      coverage.managed,
      coverage.inSync,
      coverage.drifted,
      coverage.inFlight,
      coverage.notChecked,
      coverage.resurrected,
      coverage.unmanaged,
      `${share} %`,
    ].join(' | ')} |`,
  ];
}

function describe(finding: Finding, names: Record<string, string>): string {
  if (finding.kind === 'not-checked') {
    const where = finding.microtenantId === undefined ? '' : `, microtenant ${codeSpan(finding.microtenantId)}`;
    const group = finding.groupId === undefined ? '' : `, group ${codeSpan(finding.groupId)}`;
    const affected = finding.groups === 1 ? '1 managed group' : `${finding.groups} managed groups`;
    const why = `${codeSpan(finding.code)} ${codeSpan(finding.reason)}`;
    return `- tenant ${codeSpan(finding.tenant)}${where}${group}: ${why} (${affected})`;
  }
  const microtenant = finding.microtenantId === '0' ? '' : `, microtenant ${codeSpan(finding.microtenantId)}`;
  const name = finding.name === '' ? 'a group without a known name' : codeSpan(finding.name);
  const title = `- **${name}** (${codeSpan(finding.groupId)}${microtenant})`;
  return [title, ...details(finding, names), ...provenance(finding)].join('\n');
}

type OfGroup = Exclude<Finding, { kind: 'not-checked' }>;

function details(finding: OfGroup, names: Record<string, string>): string[] {
  switch (finding.kind) {
    case 'missing':
      return finding.sameName === undefined
        ? []
        : [`  - a group of this name that no ticket made lives as ${codeSpan(finding.sameName)}`];
    case 'changed':
      return finding.differences.map(
        ({ field, desired, live, key }) =>
          `  - ${field}: approved ${codeSpan(desired)} by ${codeSpan(key)}, live ${codeSpan(live)}`,
      );
    case 'membership':
      return [...applications('added', finding.added, names), ...applications('taken out', finding.removed, names)];
    case 'resurrected':
      return finding.deletedId === finding.groupId ? [] : [`  - deleted as ${codeSpan(finding.deletedId)}`];
    case 'unmanaged':
      return [`  - ${finding.enabled ? 'enabled' : 'disabled'}, ${finding.applicationCount} application segments`];
  }
}

function applications(verb: string, ids: readonly string[], names: Record<string, string>): string[] {
  if (ids.length === 0) return [];
  const shown = ids.slice(0, MAX_IDS_SHOWN).map((id) => {
    const name = names[id];
    return name === undefined ? codeSpan(id) : `${codeSpan(name)} (${codeSpan(id)})`;
  });
  const rest = ids.length > MAX_IDS_SHOWN ? `, and ${ids.length - MAX_IDS_SHOWN} more` : '';
  return [`  - ${verb}: ${shown.join(', ')}${rest}`];
}

function provenance(finding: OfGroup): string[] {
  const lines: string[] = [];
  if ('approval' in finding) {
    const { key, ticket, source, at } = finding.approval;
    lines.push(`  - last approved by ${codeSpan(key)}, ticket ${codeSpan(ticket)}, from ${codeSpan(source)}, ${at}`);
  }
  if ('lastWriter' in finding && finding.lastWriter !== undefined) {
    const { id, at, ours } = finding.lastWriter;
    const who = ours === undefined ? '' : ours ? ' (our own API client)' : ' (not our API client)';
    lines.push(`  - last written by ${codeSpan(id)}${who}${at === undefined ? '' : `, ${at}`}`);
  }
  if (finding.pending > 0) {
    lines.push(`  - in flight: ${finding.pending} ${finding.pending === 1 ? 'change' : 'changes'} on this group`);
  }
  return lines;
}
