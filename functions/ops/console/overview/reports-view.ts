import { foreign, type Html, html, time } from '../../../../shared/domain/html/html.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { ADDRESS } from '../contract.ts';
import { nextReport } from '../drift/next-report.ts';
import { spanOf } from '../view/age.ts';
import type { DriftNews } from './read-news.ts';

/** Lanes without a report that are named; the page of drift has all. */
const NAMED = 5;

/** Tells of which lanes nobody knows the drift yet, how old the reports of the others are, and when the next ones are made. */
export function reportsView(drift: readonly DriftNews[], schedule: string | undefined, now: number): Html {
  const missing = drift.filter(({ report, unknown }) => report === undefined && unknown === undefined);
  const made = drift.flatMap(({ report }) => (report === undefined ? [] : [report.at]));
  return html`<section class="panel" aria-labelledby="reports"><header><h2 id="reports">Drift reports</h2>
<p class="hint">Drift is where ZPA differs from what tickets approved.</p></header>
${missing.length > 0 && html`<p>There is no report of ${namesOf(missing)} yet, so it is not known whether there is drift.</p>`}
${made.length > 0 && lastWords(made, now)}
<p class="hint">${nextReport(schedule, now)} <a href="${ADDRESS.drift}">${missing.length > 0 ? 'Read ZPA now' : 'All reports'}</a></p></section>`;
}

function namesOf(lanes: readonly DriftNews[]): Html {
  const rest = lanes.length - NAMED;
  const names = lanes.slice(0, NAMED).flatMap(({ tenants }) => tenants);
  const last = rest > 0 ? formatCount(rest, 'more lane') : names.pop();
  return names.length === 0 ? foreign(last ?? '') : html`${foreign(names.join(', '), 500)} and ${foreign(last ?? '')}`;
}

function lastWords(made: readonly number[], now: number): Html {
  const oldest = Math.min(...made);
  const which = made.length === 1 ? 'The last report is' : `Of ${made.length} lanes the oldest last report is`;
  return html`<p>${which} of ${time(new Date(oldest).toISOString())}, ${spanOf(now - oldest)} ago.</p>`;
}
