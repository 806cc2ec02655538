import { type Html, html } from '../../../html/html.ts';
import { HARMS, harmOf } from '../../by-harm.ts';
import type { DriftReport, Finding } from '../../report.ts';
import { HARM_TITLES, openFindings } from '../report-summary.ts';
import { findingItem } from './finding.ts';
import { fitting, leftOut } from './markup.ts';

/**
 * The most characters of findings on a page. A browser shows and filters that many at once; the findings that do the least
 * harm are left out first.
 */
const MAX_CHARACTERS = 2_000_000;

/** The findings by harm, and those that changes in flight or ignores explain. */
export function findingSections(report: DriftReport): { open: Html; unchecked: Html; inFlight: Html; ignored: Html } {
  const open = openFindings(report);
  const of = (state: Finding['state']) => report.findings.filter((one) => one.state === state);
  const room = { characters: MAX_CHARACTERS };
  const list = (id: string, title: string, note: string | undefined, findings: readonly Finding[]) =>
    section({ id, title, note, findings, room, reportedAt: report.startedAt });
  return {
    open: html`${HARMS.map((harm) =>
      list(
        `harm-${harm}`,
        HARM_TITLES[harm],
        NOTES[harm],
        open.filter((one) => harmOf(one) === harm),
      ),
    )}`,
    unchecked: html`${list('unchecked', 'Not checked now, as last seen', 'Earlier reports found these; their groups could not be read, so they may be there or not.', report.unchecked ?? [])}`,
    ignored: html`${list('ignored', 'Ignored', 'A person decided to leave these as they are, until the day given.', of('ignored'))}`,
    inFlight: html`${list('in-flight', 'In flight', 'Changes are at work on these now; the next report tells.', of('in-flight'))}`,
  };
}

const NOTES = {
  exposes: 'Policy rules let users reach application segments that no ticket approved for them.',
  interrupts: 'Users of policy rules lost application segments that tickets approved for them.',
  unknown: 'These alter access, and the policy rules could not be read.',
  none: undefined,
};

type Listed = {
  id: string;
  title: string;
  note: string | undefined;
  findings: readonly Finding[];
  /** Shared by all sections, and used up by them. */
  room: { characters: number };
  reportedAt: string;
};

function section({ id, title, note, findings, room, reportedAt }: Listed): Html | undefined {
  if (findings.length === 0) return undefined;
  const { shown, left } = fitting(findings, (finding) => findingItem(finding, reportedAt), room.characters);
  room.characters = left;
  return html`<section id="${id}" data-rows><h2>${title} <span class="count">${findings.length}</span></h2>
${note && html`<p class="quiet">${note}</p>`}${shown}${leftOut(findings.length - shown.length, 'finding')}</section>`;
}
