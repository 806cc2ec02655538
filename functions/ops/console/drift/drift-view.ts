import { HARMS, harmOf } from '../../../../shared/domain/drift/by-harm.ts';
import { isDrift } from '../../../../shared/domain/drift/drift.ts';
import { facetWords } from '../../../../shared/domain/drift/render/finding-words.ts';
import { countsLine, HARM_TITLES, verdictOf } from '../../../../shared/domain/drift/render/report-summary.ts';
import type { DriftReport, Finding, NotChecked } from '../../../../shared/domain/drift/report.ts';
import { foreign, type Html, html, time } from '../../../../shared/domain/html/html.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { ADDRESS, type ConsoleContext, READS_ZPA } from '../contract.ts';
import { addressTo } from '../view/address.ts';
import { spanOf } from '../view/age.ts';
import { roleLink } from '../view/role-link.ts';
import { findingTable, type ReportAddress, wordsView } from './finding-parts.ts';
import type { LaneReport } from './read-report.ts';
import { resolveForm } from './resolve-form.ts';

export const REPORT_FILE = '/drift/report.html';

/** Findings of one state that are listed on a page. */
const PER_PAGE = 100;

/** The last report of each lane, in a few lines. */
export function lanesSummary(context: ConsoleContext, reports: readonly LaneReport[]): Html {
  return html`<p class="hint">Drift is where ZPA differs from what tickets approved.</p>${reports.map(
    (one) =>
      html`<article class="panel" data-key="${one.lane}"><header><h2><a href="${addressTo(ADDRESS.drift, { lane: one.lane })}">${foreign(one.tenants.join(', '))}</a></h2></header>${
        'report' in one
          ? html`${figures(one.report)}${madeAt(one.report, context.now())}`
          : html`<p class="warning">${one.missing}</p>${readNow(context, one.lane)}`
      }</article>`,
  )}`;
}

/** The report of a lane: its figures, what was not compared, and its findings by what they do to access. */
export function driftView(context: ConsoleContext, one: LaneReport, page: number): Html {
  const { lane, read } = one;
  const reading = readNow(context, lane);
  if (!('report' in one)) return html`<section class="panel"><p class="warning">${one.missing}</p>${reading}</section>`;
  const links = html`${reading}<p><a href="${addressTo(REPORT_FILE, { lane })}" target="_blank" rel="noreferrer">The full report as a page</a> <small>with trend, policy rules and unmanaged groups</small></p>`;
  const { report } = one;
  const open = report.findings.filter(isDrift);
  const pages = Math.max(1, Math.ceil(open.length / PER_PAGE));
  const current = Math.min(page, pages);
  const shown = open.slice((current - 1) * PER_PAGE, current * PER_PAGE);
  return html`<section class="panel" data-key="summary">${figures(report)}${read !== undefined ? html`<p class="hint">Read just now.</p>` : madeAt(report, context.now())}${coverage(report)}${links}</section>
${notChecked(report)}
${open.length > 0 && openSection(context, one, shown)}${pager(one, current, pages)}
${folded(
  'In flight',
  report.findings.filter(({ state }) => state === 'in-flight'),
  one,
  'A change is at work on them.',
)}
${folded(
  'Ignored',
  report.findings.filter(({ state }) => state === 'ignored'),
  one,
  'They count again when the ignore ends, or when another value lives.',
)}
${folded('Not compared', report.unchecked ?? [], one, 'Findings of earlier reports whose groups could not be read.')}${closedSection(report)}`;
}

const READ_HINT = 'takes a minute or more, because ZPA allows few reads; nothing is stored';

const readNow = (context: ConsoleContext, lane: string): Html =>
  html`<p>${roleLink(context, READS_ZPA, addressTo(ADDRESS.drift, { lane, now: 1 }), 'Read ZPA now', READ_HINT)}</p>`;

function figures(report: DriftReport): Html {
  const { sentence, access } = verdictOf(report);
  return html`<p><b>${sentence}</b> ${access}</p><p>${countsLine(report)}</p>`;
}

function madeAt({ finishedAt }: DriftReport, now: number): Html {
  return html`<p class="hint">The last report is of ${time(finishedAt)}, ${spanOf(now - Date.parse(finishedAt))} ago. What happened since is not in it, except what was ignored.</p>`;
}

function coverage({ coverage: of }: DriftReport): Html {
  return html`<dl class="facts"><dt>Compared</dt><dd>${of.fullyStated + of.partlyStated} of ${of.managed} groups that tickets approved</dd><dt>Unmanaged</dt><dd>${formatCount(of.unmanaged, 'group')} that no ticket touched</dd></dl>`;
}

function notChecked({ notChecked: parts }: DriftReport): Html | false {
  if (parts.length === 0) return false;
  return html`<section class="panel" data-key="not-checked"><header><h2>Not compared <small>${parts.length}</small></h2><p class="hint">These parts could not be read. The report says nothing about them.</p></header>
<table class="list"><thead><tr><th scope="col">Part</th><th scope="col">Groups</th><th scope="col">Reason</th><th scope="col">Since</th></tr></thead><tbody>${parts.map(unreadRow)}</tbody></table></section>`;
}

const unreadRow = ({ tenant, microtenantId, groupId, groups, code, reason, since }: NotChecked) =>
  html`<tr><td>${foreign(tenant)}: ${foreign(groupId ?? microtenantId ?? 'all of it')}</td><td data-label="Groups">${groups}</td><td data-label="Reason"><code>${foreign(code)}</code> ${foreign(reason, 500)}</td><td data-label="Since">${time(since)}</td></tr>`;

/** Findings that need a person, in one form, so that several can be resolved under one ticket. */
function openSection(context: ConsoleContext, from: ReportAddress, shown: readonly Finding[]): Html {
  const byHarm = Map.groupBy(shown, harmOf);
  const tables = HARMS.map((harm) => {
    const findings = byHarm.get(harm);
    return (
      findings &&
      html`<h3>${HARM_TITLES[harm]} <small>${findings.length}</small></h3>${findingTable(from, findings, true)}`
    );
  });
  return html`<section class="panel" data-key="open"><header><h2>Differences</h2><p class="hint">Choose one to see it in full, or mark several and resolve them under one ticket.</p></header>${resolveForm(context, from.lane, html`${tables}`)}</section>`;
}

function folded(title: string, findings: readonly Finding[], from: ReportAddress, hint: string): Html | false {
  if (findings.length === 0) return false;
  const rest = findings.length - PER_PAGE;
  return html`<details class="panel" data-key="${title}"><summary>${title} <small>${findings.length}</small></summary><p class="hint">${hint}</p>${findingTable(from, findings.slice(0, PER_PAGE), false)}${rest > 0 && html`<p class="hint">${rest} more are in the full report.</p>`}</details>`;
}

function closedSection({ closed }: DriftReport): Html | false {
  if (closed.length === 0) return false;
  const rows = closed
    .slice(0, PER_PAGE)
    .map(
      ({ id, group, facet, by, at }) =>
        html`<tr><td><code>${foreign(id)}</code></td><td data-label="Group">${foreign(group.name === '' ? group.id : group.name)}, ${wordsView(facetWords(facet))}</td><td data-label="Closed by">${by === undefined ? 'somebody in ZPA, or unknown' : foreign(by.key)}</td><td data-label="At">${time(at)}</td></tr>`,
    );
  return html`<details class="panel" data-key="closed"><summary>Closed since the report before <small>${closed.length}</small></summary><table class="list"><thead><tr>${CLOSED_COLUMNS}</tr></thead><tbody>${rows}</tbody></table></details>`;
}

const CLOSED_COLUMNS = ['Finding', 'Group', 'Closed by', 'At'].map((title) => html`<th scope="col">${title}</th>`);

function pager({ lane, read }: ReportAddress, page: number, pages: number): Html | false {
  if (pages === 1) return false;
  const to = (label: string, number: number) =>
    html`<a href="${addressTo(ADDRESS.drift, { lane, read, page: number })}">${label}</a>`;
  return html`<nav class="pager" aria-label="Pages of findings">${page > 1 && to('Previous', page - 1)}<span>Page ${page} of ${pages}</span>${page < pages && to('Next', page + 1)}</nav>`;
}
