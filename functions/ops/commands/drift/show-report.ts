import { harmOf } from '../../../../shared/domain/drift/by-harm.ts';
import {
  approvalWords,
  differenceWords,
  nameOf,
  sinceWords,
  writerWords,
} from '../../../../shared/domain/drift/render/finding-words.ts';
import {
  AFRESH,
  countsLine,
  HARM_TITLES,
  placeOf,
  verdictOf,
} from '../../../../shared/domain/drift/render/report-summary.ts';
import { orEmpty, renderWords, type Words } from '../../../../shared/domain/drift/render/words.ts';
import type { DriftReport, Finding, FindingState } from '../../../../shared/domain/drift/report.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { formatTime } from '../../output/describe-change.ts';
import { listKeys } from '../../output/list-keys.ts';
import type { Cell, Terminal } from '../../output/terminal.ts';
import type { LaneReading } from '../../session/read-drift.ts';

/** An instant as the command line writes it everywhere. */
export const isoText = (at: string): string => formatTime(Date.parse(at));

/** A cell of a table, which makes all of it harmless. */
const cellOf = (text: Words): string => renderWords(text, orEmpty, isoText);

/** Shows the report of a lane: its figures, its findings by harm, and what was not compared. */
export function showReport(terminal: Terminal, reading: LaneReading, { onlyNew }: { onlyNew: boolean }): void {
  const { report, stateUnknown } = reading;
  const { bold, dim } = terminal.colours;
  const { sentence, access } = verdictOf(report);
  terminal.say(`${bold(visible(placeOf(report)))}  ${dim(visible(report.lane))}`);
  terminal.say(`  ${countsLine(report)}`);
  terminal.say(`  ${access === undefined ? sentence : `${sentence} ${access}`}`);
  showTable(terminal, onlyNew ? report.findings.filter(({ state }) => state === 'new') : report.findings);
  showUnread(terminal, report);
  if (report.closed.length > 0) {
    terminal.say(
      `  ${listKeys(
        'closed finding',
        report.closed.map(({ id, by }) => (by === undefined ? id : `${id} by ${by.key}`)),
      )}`,
    );
  }
  if (report.unmanaged.length > 0) {
    const count = formatCount(report.unmanaged.length, 'unmanaged group');
    terminal.say(dim(`  ${count}: listed by --json, accepted by \`drift baseline\``));
  }
  if (stateUnknown !== undefined) terminal.warn(`The age of the findings is not known. ${visible(stateUnknown, 500)}`);
  else if (report.startedAfresh !== undefined) terminal.say(dim(`  ${AFRESH[report.startedAfresh]}`));
  terminal.say('');
}

function showTable(terminal: Terminal, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const rows = findings.map((finding): Cell[] => [
    finding.id,
    stateCell(finding, terminal),
    harmCell(finding, terminal),
    `${nameOf(finding.group)} (${finding.group.id})`,
    cellOf(differenceWords(finding)),
    cellOf(writerWords(finding.writer, finding.kind)),
    cellOf(sinceWords(finding)),
    finding.approval === undefined ? '' : cellOf(approvalWords(finding.approval)),
  ]);
  terminal.table(['finding', 'state', 'access', 'group', 'difference', 'last written', 'since', 'approved by'], rows);
}

const STATES: Record<FindingState, string> = {
  new: 'new',
  still: 'still',
  ignored: 'ignored',
  'in-flight': 'in flight',
};

/** The state; of an ignored one with its end. */
export function stateCell({ state, ignored }: Finding, { colours }: Pick<Terminal, 'colours'>): Cell {
  const colour = state === 'new' ? colours.red : state === 'still' ? colours.yellow : colours.dim;
  return { text: ignored === undefined ? STATES[state] : `ignored until ${ignored.until.slice(0, 10)}`, colour };
}

function harmCell(finding: Finding, { colours }: Terminal): Cell {
  const harm = harmOf(finding);
  if (harm === 'none') return '';
  return { text: HARM_TITLES[harm].toLowerCase(), colour: harm === 'exposes' ? colours.red : colours.yellow };
}

function showUnread(terminal: Terminal, { notChecked }: DriftReport): void {
  if (notChecked.length === 0) return;
  terminal.table(
    ['not checked', 'groups', 'why', 'since'],
    notChecked.map(({ tenant, microtenantId, groupId, groups, code, reason, since }) => [
      { text: `${tenant}: ${groupId ?? microtenantId ?? 'all of it'}`, colour: terminal.colours.yellow },
      String(groups),
      `${code}: ${reason}`,
      since.slice(0, 10),
    ]),
  );
}
