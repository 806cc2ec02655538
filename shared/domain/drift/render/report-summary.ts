import { formatCount } from '../../text/sentence.ts';
import { type Harm, harmOf } from '../by-harm.ts';
import { countStates, isDrift } from '../drift.ts';
import type { DriftReport, Finding } from '../report.ts';

/** The heading of the findings of each harm. */
export const HARM_TITLES: Record<Harm, string> = {
  exposes: 'Opens access',
  interrupts: 'Interrupts access',
  unknown: 'Effect on access unknown',
  none: 'Other differences',
};

/** Findings that need a person: neither ignored nor in flight. */
export function openFindings({ findings }: DriftReport): Finding[] {
  return findings.filter(isDrift);
}

/** The number of managed groups that were compared. */
const checkedOf = ({ coverage }: DriftReport) => coverage.fullyStated + coverage.partlyStated;

/** The figures of a report, each with its word: `3 new`, `2 still`, `1 ignored`, `195 of 200 checked`. */
export function figuresOf(report: DriftReport): [figure: string, word: string][] {
  const counts = countStates(report.findings);
  const inFlight = counts['in-flight'];
  return [
    [String(counts.new), 'new'],
    [String(counts.still), 'still'],
    [String(counts.ignored), 'ignored'],
    ...(inFlight > 0 ? [[String(inFlight), 'in flight'] satisfies [string, string]] : []),
    [`${checkedOf(report)} of ${report.coverage.managed}`, 'checked'],
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
    if (report.findings.length === 0 && isAllChecked(report) && report.coverage.managed === 0)
      return { sentence: NOTHING, access: undefined };
    const what = isAllChecked(report) ? 'Everything' : 'Everything that could be checked';
    return { sentence: `${what} is as tickets approved it${butFor(report.findings)}.`, access: undefined };
  }
  const differ = open.length === 1 ? 'difference' : 'differences';
  return { sentence: `${open.length} ${differ} from what tickets approved.`, access: accessSentence(open) };
}

const NOTHING = 'No segment group was approved by a ticket yet, so there is nothing to compare.';

/** A report may be complete and not cover what an earlier one found, where the settings no longer name its microtenant. */
export const isAllChecked = ({ complete, unchecked = [] }: DriftReport): boolean => complete && unchecked.length === 0;

/** Findings that need nobody now: they differ all the same, so no sentence calls them as approved. */
export function butFor(findings: readonly Finding[]): string {
  const { ignored, 'in-flight': inFlight } = countStates(findings);
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

/** The tenants that the report is about, or their ZPA customer if none is in the settings any more. */
export function placeOf({ tenants, lane }: Pick<DriftReport, 'tenants' | 'lane'>): string {
  const [first, ...others] = tenants;
  if (first === undefined) return `ZPA customer ${lane.slice(lane.indexOf(':') + 1)}`;
  return others.length === 0 ? first : `${first} and ${formatCount(others.length, 'other tenant')}`;
}

/** One line for subjects and logs: ASCII, without foreign text. */
export function driftHeadline(report: DriftReport): string {
  const { new: fresh, still } = countStates(report.findings);
  const place = placeOf(report)
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, 60);
  const drift = fresh + still === 0 ? 'no drift' : `${fresh} new, ${still} still`;
  const unread = report.complete
    ? ''
    : `, ${checkedOf(report)} of ${formatCount(report.coverage.managed, 'group')} checked`;
  return `${place}: ${drift}${unread}`;
}

/** The reason why the times of a report begin with itself. */
export const AFRESH: Record<NonNullable<DriftReport['startedAfresh']>, string> = {
  'no-earlier-report': 'This is the first report: every finding is new in it, and the trend begins with it.',
  'earlier-report-unreadable':
    'The earlier report could not be read: every finding counts as new, and the trend begins again.',
};
