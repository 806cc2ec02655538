import { codeSpan } from '../../text/visible-text.ts';
import { HARMS, harmOf } from '../by-harm.ts';
import type { DriftReport, Finding, Ignored, NotChecked } from '../report.ts';
import {
  accessWords,
  approvalWords,
  differenceWords,
  facetWords,
  PATTERNS,
  sinceWords,
  timeWords,
  unmanagedText,
  unreadSinceWords,
  writerWords,
} from './finding-words.ts';
import { fitSections, type Section } from './fit-sections.ts';
import { AFRESH, countsLine, HARM_TITLES, openFindings, placeOf, verdictOf } from './report-summary.ts';
import { renderWords, type Words, words } from './words.ts';

/** The longest Markdown report, in UTF-16 units. What does not fit is counted, and is in the JSON report only. */
const MAX_MARKDOWN = 256 * 1024;
const MAX_RULES = 3;
const MAX_CELL = 100;

/**
 * The report for people and tickets: the figures in the first line, then tables by harm. It is never longer than `maxLength`
 * UTF-16 units, and says what it left out. All foreign text is in code spans, so that no renderer interprets it.
 */
export function driftMarkdown(report: DriftReport, { maxLength = MAX_MARKDOWN } = {}): string {
  return fitSections(headOf(report), sectionsOf(report), maxLength);
}

function headOf(report: DriftReport): string {
  const { sentence, access } = verdictOf(report);
  const of = words`: drift of ${placeOf(report)} at ${timeWords(report.startedAt)}`;
  return [
    `**${countsLine(report)}**${renderWords(of, codeSpan)}`,
    access === undefined ? sentence : `${sentence} ${access}`,
    ...(report.startedAfresh === undefined ? [] : [AFRESH[report.startedAfresh]]),
  ].join('\n\n');
}

function sectionsOf(report: DriftReport): Section[] {
  const open = openFindings(report);
  const harms = HARMS.map((harm) =>
    findingSection(
      HARM_TITLES[harm],
      open.filter((one) => harmOf(one) === harm),
    ),
  );
  const inFlight = report.findings.filter(({ state }) => state === 'in-flight');
  return [
    ...harms,
    notCheckedSection(report),
    findingSection('Not checked now: as last seen', report.unchecked ?? []),
    closedSection(report),
    ignoredSection(report),
    findingSection('In flight: changes are at work on it', inFlight),
    unmanagedSection(report),
  ];
}

function findingSection(title: string, findings: readonly Finding[]): Section {
  const head = ['Finding', 'Group', 'Difference', 'Last writer', 'Since', 'Rules', 'Approved by'];
  const rows = findings.map((finding) => [
    words`${finding.id} ${[finding.state]}`,
    groupWords(finding.group),
    differenceWords(finding),
    writerWords(finding.writer, finding.kind),
    sinceWords(finding),
    accessWords(finding, MAX_RULES),
    finding.approval === undefined ? [] : approvalWords(finding.approval),
  ]);
  return tableOf(title, head, rows);
}

function groupWords({ id, name, microtenantId = '0' }: { id: string; name: string; microtenantId?: string }): Words {
  const microtenant = microtenantId === '0' ? undefined : words`, microtenant ${microtenantId}`;
  return words`${name === '' ? undefined : words`${name} `}(${id}${microtenant})`;
}

function notCheckedSection({ notChecked }: DriftReport): Section {
  const rows = notChecked.map((one) => [
    placeWords(one),
    words`${one.code} ${one.reason}`,
    words`${one.groups}`,
    unreadSinceWords(one),
  ]);
  return tableOf('Not checked: nothing is said about it', ['Where', 'Reason', 'Managed groups', 'Since'], rows);
}

function placeWords({ tenant, microtenantId, groupId }: NotChecked): Words {
  const microtenant = microtenantId === undefined ? undefined : words`, microtenant ${microtenantId}`;
  return words`tenant ${tenant}${microtenant}${groupId === undefined ? undefined : words`, group ${groupId}`}`;
}

function closedSection({ closed }: DriftReport): Section {
  const rows = closed.map(({ id, group, facet, by }) => [
    words`${id}`,
    groupWords(group),
    facetWords(facet),
    by === undefined ? ['no change: put right in ZPA'] : approvalWords(by),
  ]);
  return tableOf('Closed since the last report', ['Finding', 'Group', 'Facet', 'Closed by'], rows);
}

function ignoredSection({ findings }: DriftReport): Section {
  const rows = findings
    .filter(isIgnored)
    .map((finding) => [
      words`${finding.id}`,
      groupWords(finding.group),
      differenceWords(finding),
      timeWords(finding.ignored.until),
      words`${finding.ignored.reason}`,
      words`${finding.ignored.by}`,
    ]);
  return tableOf('Ignored', ['Finding', 'Group', 'Difference', 'Until', 'Reason', 'By'], rows);
}

const isIgnored = (finding: Finding): finding is Finding & { ignored: Ignored } =>
  finding.state === 'ignored' && finding.ignored !== undefined;

function unmanagedSection({ unmanaged }: DriftReport): Section {
  const rows = unmanaged.map((group) => [
    groupWords(group),
    [unmanagedText(group)],
    [PATTERNS[group.pattern]],
    writerWords(group.writer),
  ]);
  return tableOf('Unmanaged groups: no ticket approved them', ['Group', 'State', 'Pattern', 'Last writer'], rows);
}

function tableOf(title: string, head: readonly string[], rows: readonly (readonly Words[])[]): Section {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return {
    title: `## ${title}`,
    head: [line(head), `|${'---|'.repeat(head.length)}`],
    rows: rows.map((cells) => line(cells.map((cell) => renderWords(cell, cellSpan)))),
  };
}

/**
 * A code span within a table, where a pipe ends the cell unless a backslash is before it. A pipe that follows a backslash of
 * the text is spelled out, because renderers disagree on which of the two the backslash escapes.
 */
function cellSpan(text: string): string {
  return codeSpan(text, MAX_CELL).replaceAll(/(\\?)\|/g, (_, slash) => (slash === '' ? '\\|' : '\\\\u{7C}'));
}
