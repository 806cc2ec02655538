import { allowedByHash, htmlDocument } from '../../../html/document.ts';
import { type Html, html } from '../../../html/html.ts';
import type { DriftReport } from '../../report.ts';
import { driftHeadline } from '../report-summary.ts';
import { coverageSection } from './coverage.ts';
import { findingSections } from './findings.ts';
import { closedSection, notCheckedSection, unmanagedSection } from './lists.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { summarySection } from './summary.ts';
import { trendSection } from './trend.ts';

/** The policy allows the one style sheet and the one script by their hashes, and nothing from a network. */
const POLICY = `default-src 'none'; style-src ${allowedByHash(STYLE)}; script-src ${allowedByHash(SCRIPT)}; base-uri 'none'; form-action 'none'`;

const HEAD = html`<meta http-equiv="content-security-policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">`;

/**
 * The report as one page that needs nothing else: it opens from a file, without a network and without its script. Every value
 * is escaped.
 */
export function driftHtml(report: DriftReport): string {
  return htmlDocument(
    { title: `Drift of ${driftHeadline(report)}`, style: STYLE, script: SCRIPT, head: HEAD },
    html`${summarySection(report)}
<div class="charts">${coverageSection(report.coverage)}${trendSection(report.history)}</div>
${filterForm()}
${contentOf(report)}
<footer class="quiet">Made by zpa-changes from tickets and ZPA. The JSON report beside this page has everything (schema version ${report.schemaVersion}).</footer>`,
  );
}

function contentOf(report: DriftReport): Html {
  const { open, unchecked, inFlight, ignored } = findingSections(report);
  return html`${open}${notCheckedSection(report)}${unchecked}${inFlight}${ignored}${closedSection(report)}${unmanagedSection(report)}`;
}

/** Hidden until the script that serves it runs. */
function filterForm(): Html {
  return html`<form id="filter" role="search" hidden>
<label><span>Filter</span> <input type="search" name="text" autocomplete="off" placeholder="group, person, ticket, id"></label>
<label><span>State</span> <select name="state"><option value="">all</option><option>new</option><option>still</option><option>ignored</option><option value="in-flight">in flight</option></select></label>
<button type="button" name="unfold">Unfold all</button>
<output aria-live="polite"></output>
</form>`;
}
