import { formatCount } from '../../text/sentence.ts';
import type { DriftReport, Finding } from '../report.ts';

/** What a finding does to the access of users. `unknown`: the policy rules could not be read. */
export type Harm = 'exposes' | 'interrupts' | 'unknown' | 'none';

export const HARMS = ['exposes', 'interrupts', 'unknown', 'none'] as const;

/** The heading of the findings of each harm. */
export const HARM_TITLES: Record<Harm, string> = {
  exposes: 'Opens access',
  interrupts: 'Interrupts access',
  unknown: 'Effect on access unknown',
  none: 'Other differences',
};

/** The worst that a finding does: a move that opens access in one place and interrupts it in another is listed as opening it. */
export function harmOf({ access }: Finding): Harm {
  if (access.read === 'not-read') return 'unknown';
  if (access.read === 'not-needed') return 'none';
  return access.exposes ? 'exposes' : access.interrupts ? 'interrupts' : 'none';
}

/** Findings that need a person: neither ignored nor in flight. */
export function openFindings({ findings }: DriftReport): Finding[] {
  return findings.filter(({ state }) => state === 'new' || state === 'still');
}

type ReportCounts = { new: number; still: number; ignored: number; inFlight: number; checked: number };

/** Numbers of findings by state, and of managed groups that were compared. */
function countReport({ findings, coverage }: DriftReport): ReportCounts {
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  return {
    new: count('new'),
    still: count('still'),
    ignored: count('ignored'),
    inFlight: count('in-flight'),
    checked: coverage.fullyStated + coverage.partlyStated,
  };
}

/** The figures of a report, each with its word: `3 new`, `2 still`, `1 ignored`, `195 of 200 checked`. */
export function figuresOf(report: DriftReport): [figure: string, word: string][] {
  const counts = countReport(report);
  return [
    [String(counts.new), 'new'],
    [String(counts.still), 'still'],
    [String(counts.ignored), 'ignored'],
    ...(counts.inFlight > 0 ? [[String(counts.inFlight), 'in flight'] satisfies [string, string]] : []),
    [`${counts.checked} of ${report.coverage.managed}`, 'checked'],
  ];
}

/** The figures in one line, without foreign text: `3 new · 2 still · 1 ignored · 195 of 200 checked`. */
export function countsLine(report: DriftReport): string {
  return figuresOf(report)
    .map((figure) => figure.join(' '))
    .join(' · ');
}

/** The report in a sentence and what it does to access, without foreign text. */
export function verdictOf(report: DriftReport): { sentence: string; access: string | undefined } {
  const open = openFindings(report);
  if (open.length === 0) {
    const what = isAllChecked(report) ? 'Everything' : 'Everything that could be checked';
    return { sentence: `${what} is as tickets approved it${butFor(report.findings)}.`, access: undefined };
  }
  const differ = open.length === 1 ? 'difference' : 'differences';
  return { sentence: `${open.length} ${differ} from what tickets approved.`, access: accessSentence(open) };
}

/** A report may be complete and not cover what an earlier one found, where the settings no longer name its microtenant. */
export const isAllChecked = ({ complete, unchecked = [] }: DriftReport): boolean => complete && unchecked.length === 0;

/** Findings that need nobody now: they differ all the same, so no sentence calls them as approved. */
export function butFor(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  const [ignored, inFlight] = [count('ignored'), count('in-flight')];
  const parts = [...(ignored > 0 ? [`${ignored} ignored`] : []), ...(inFlight > 0 ? [`${inFlight} in flight`] : [])];
  return parts.length === 0 ? '' : `, but for ${parts.join(', ')}`;
}

function accessSentence(open: readonly Finding[]): string {
  const count = (harm: Harm) => open.filter((finding) => harmOf(finding) === harm).length;
  const [exposes, interrupts, unknown] = [count('exposes'), count('interrupts'), count('unknown')];
  const known = [
    ...(exposes > 0 ? [`${exposes} ${exposes === 1 ? 'opens' : 'open'} access`] : []),
    ...(interrupts > 0 ? [`${interrupts} ${interrupts === 1 ? 'interrupts' : 'interrupt'} access`] : []),
  ];
  const rest = unknown > 0 ? [`the effect of ${unknown} on access is unknown`] : [];
  const all = [...known, ...rest];
  if (all.length === 0) return open.length === 1 ? 'It alters no access.' : 'None of them alters access.';
  const text = all.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** One line for subjects and logs: ASCII, without foreign text. */
export function driftHeadline(report: DriftReport): string {
  const { new: fresh, still, checked } = countReport(report);
  const lane = report.lane.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, 60);
  const drift = fresh + still === 0 ? 'no drift' : `${fresh} new, ${still} still`;
  const unread = report.complete ? '' : `, ${checked} of ${formatCount(report.coverage.managed, 'group')} checked`;
  return `${lane}: ${drift}${unread}`;
}

/** The reason why the times of a report begin with itself. */
export const AFRESH: Record<NonNullable<DriftReport['startedAfresh']>, string> = {
  'no-earlier-report': 'This is the first report: every finding is new in it, and the trend begins with it.',
  'earlier-report-unreadable':
    'The earlier report could not be read: every finding counts as new, and the trend begins again.',
};
