import { type Html, html } from '../../../html/html.ts';
import { formatCount } from '../../../text/sentence.ts';
import { harmOf } from '../../by-harm.ts';
import type { DriftReport } from '../../report.ts';
import { timeWords } from '../finding-words.ts';
import { AFRESH, figuresOf, isAllChecked, openFindings, verdictOf } from '../report-summary.ts';
import { foreign, markup } from './markup.ts';

/** The head of the page: what a reader knows after ten seconds. */
export function summarySection(report: DriftReport): Html {
  const { sentence, access } = verdictOf(report);
  const figures = figuresOf(report).map(
    ([figure, word], index) => html`${index === 0 ? '' : ' · '}<span class="figure"><b>${figure}</b> ${word}</span>`,
  );
  const tenants = report.tenants.map((tenant, index) => html`${index === 0 ? '' : ', '}${foreign(tenant)}`);
  return html`<header>
<p class="where">Drift report · ${tenants}</p>
<h1>${sentence.replace(/\.$/, '')}</h1>
</header>
<section class="state ${toneOf(report)}" aria-label="Summary">
<p class="figures">${figures}</p>
${access && html`<p>${access}</p>`}${uncheckedLine(report)}
</section>
<p class="quiet">Lane ${foreign(report.lane)}, read on ${markup(timeWords(report.startedAt))}.${earlierLine(report)}</p>`;
}

function toneOf(report: DriftReport): 'bad' | 'wait' | 'good' {
  const open = openFindings(report);
  const harms = open.map(harmOf);
  if (harms.includes('exposes') || harms.includes('interrupts') || harms.includes('unknown')) return 'bad';
  return open.length > 0 || !isAllChecked(report) ? 'wait' : 'good';
}

function uncheckedLine({ complete, coverage }: DriftReport): Html | undefined {
  if (complete) return undefined;
  const unread = coverage.notChecked === 0 ? 'a part' : formatCount(coverage.notChecked, 'group');
  return html`<p>The report is not complete: ${unread} could not be checked. <a href="#not-checked">See why.</a></p>`;
}

function earlierLine({ history, startedAfresh, closed }: DriftReport): Html | undefined {
  if (startedAfresh !== undefined) return html` ${AFRESH[startedAfresh]}`;
  const earlier = history.at(-2);
  if (earlier === undefined) return undefined;
  const ended = closed.length === 0 ? '' : `, ${formatCount(closed.length, 'finding')} closed since`;
  return html` The report before is of ${markup(timeWords(earlier.at))}${ended}.`;
}
