import { createHash } from 'node:crypto';
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

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The policy allows the one style sheet and the one script by their hashes, and nothing from a network. */
const POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'`;

/**
 * The report as one page that needs nothing else: it opens from a file, without a network and without its script. Every value
 * is escaped.
 */
export function driftHtml(report: DriftReport): string {
  return documentOf(
    `Drift of ${driftHeadline(report)}`,
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

function documentOf(title: string, content: Html): string {
  const [style, script]: Html[] = [{ html: `<style>${STYLE}</style>` }, { html: `<script>${SCRIPT}</script>` }];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${style}
</head>
<body>
<main>
${content}
</main>
${script}
</body>
</html>
`.html;
}
