import { LONGEST_IGNORE_MS } from '../../../../shared/domain/drift/ignores.ts';
import { isDeletion } from '../../../../shared/domain/drift/live-value.ts';
import type { Finding } from '../../../../shared/domain/drift/report.ts';
import { type Html, html } from '../../../../shared/domain/html/html.ts';
import { ADDRESS, type ConsoleContext } from '../contract.ts';
import { actForm } from '../view/act-form.ts';
import { addressTo } from '../view/address.ts';
import { shownMark } from '../view/form-fields.ts';
import { findingFacts, type ReportAddress } from './finding-parts.ts';
import { DRIFT_ACTS, resolveForm } from './resolve-form.ts';

/** Marks the live value that a page showed: an ignore is for this value alone. */
export const valueMark = ({ before, after, to }: Finding): string => shownMark([before, after, to ?? null]);

/** A finding in full, with what a person can do about it. */
export function findingView(context: ConsoleContext, from: ReportAddress, finding: Finding): Html {
  const { lane, read } = from;
  return html`<section class="panel" data-key="finding">${findingFacts(finding)}
<p><a href="${addressTo(ADDRESS.drift, { lane, read })}">All findings</a></p></section>
${
  finding.state === 'in-flight'
    ? html`<p class="hint">A change is at work on it. Wait until that is settled.</p>`
    : html`<section class="panel"><header><h2>Resolve</h2></header>${resolveForm(context, lane, html`<input type="hidden" name="id" value="${finding.id}">`)}</section>
<section class="panel"><header><h2>Ignore</h2><p class="hint">${finding.state === 'ignored' && IGNORED}For the value that lives now; any other value ends it. ZPA is read first, which takes some seconds or more.</p></header>${ignoreForm(context, lane, finding)}</section>`
}`;
}

const IGNORED = 'It is ignored, and counts again when that ends. Another ignore replaces this one. ';

function ignoreForm(context: ConsoleContext, lane: string, finding: Finding): Html {
  const latest = new Date(context.now() + LONGEST_IGNORE_MS).toISOString().slice(0, 10);
  const deletion =
    isDeletion(finding) &&
    html`<label class="check"><span><input type="checkbox" name="deletion" value="yes" required> Hide that it is gone</span></label>`;
  const inputs = html`<label>Reason, for the report <input name="reason" required maxlength="500" autocomplete="off"></label>
<label>Until <input type="date" name="until" required max="${latest}"></label>${deletion}`;
  const fields = { lane, id: finding.id, shown: valueMark(finding) };
  return actForm(context, {
    act: DRIFT_ACTS.ignore,
    fields,
    label: finding.state === 'ignored' ? 'Replace the ignore' : 'Ignore',
    of: finding.id,
    inputs,
  });
}
