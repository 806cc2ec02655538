import {
  accessWords,
  approvalWords,
  differenceWords,
  nameOf,
  sinceWords,
  writerWords,
} from '../../../../shared/domain/drift/render/finding-words.ts';
import { formatInstant, type Words } from '../../../../shared/domain/drift/render/words.ts';
import type { Finding } from '../../../../shared/domain/drift/report.ts';
import { foreign, type Html, html } from '../../../../shared/domain/html/html.ts';
import { markedDifference } from '../../../../shared/domain/html/marked-difference.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { truncateText } from '../../../../shared/domain/text/truncate-text.ts';
import { ADDRESS } from '../contract.ts';
import { addressTo } from '../view/address.ts';
import { EMPTY } from '../view/empty.ts';

/** The lane of a report, and under what it is kept, if it was read now. */
export type ReportAddress = { lane: string; read?: string };

export const FINDING_ADDRESS = '/drift/finding';

/** Bytes of a value that are shown. */
const MAX_VALUE = 4000;
const MAX_RULES = 50;

/** Words as markup: what is not ours is isolated, and shown as text. */
export function wordsView(text: Words, limit = 300): Html {
  return html`${text.map((part) => {
    if (typeof part === 'string') return part;
    if ('at' in part) return html`<time datetime="${part.at}">${formatInstant(part.at)}</time>`;
    return part.foreign === '' ? EMPTY : foreign(part.foreign, limit);
  })}`;
}

/** The state as a badge; of an ignored one with its end. */
function stateBadge({ state, ignored }: Finding): Html {
  if (state === 'ignored') return html`<span class="badge">ignored until ${(ignored?.until ?? '').slice(0, 10)}</span>`;
  const kind = state === 'new' ? 'bad' : state === 'still' ? 'busy' : '';
  return html`<span class="badge ${kind}">${state === 'in-flight' ? 'in flight' : state}</span>`;
}

/** Findings as rows; `markable`: with a tick box each, for a form around them. */
export function findingTable(from: ReportAddress, findings: readonly Finding[], markable: boolean): Html {
  return html`<table class="list"><thead><tr><th scope="col">Finding</th><th scope="col">Group</th><th scope="col">Difference</th><th scope="col">Last written</th><th scope="col">Since</th></tr></thead><tbody>${findings.map(
    (finding) => findingRow(from, finding, markable),
  )}</tbody></table>`;
}

function findingRow({ lane, read }: ReportAddress, finding: Finding, markable: boolean): Html {
  const { id, group, writer, kind } = finding;
  const to = addressTo(FINDING_ADDRESS, { lane, id, read });
  const link = html`<a href="${to}"><code>${foreign(id)}</code></a>`;
  const mark = html`<input type="checkbox" name="id" value="${id}" aria-label="Mark ${id}">`;
  return html`<tr><td>${markable ? html`<label class="mark">${mark} ${link}</label>` : link} ${stateBadge(finding)}</td>
<td data-label="Group">${foreign(nameOf(group), 120)}<br><small>${foreign(group.tenant)}</small></td>
<td data-label="Difference">${wordsView(differenceWords(finding), 200)}</td>
<td data-label="Last written">${wordsView(writerWords(writer, kind), 120)}</td>
<td data-label="Since">${wordsView(sinceWords(finding))}</td></tr>`;
}

/** A finding in full. */
export function findingFacts(finding: Finding): Html {
  const { group, before, after, writer, approval, ignored, pending, kind, deletedId } = finding;
  const marked = markedDifference(...([before, after].map((one) => truncateText(one, MAX_VALUE)) as [string, string]));
  return html`<p>${stateBadge(finding)} ${wordsView(differenceWords(finding))}</p>
<dl class="facts"><dt>Group</dt><dd>${foreign(nameOf(group))} <code>${foreign(group.id)}</code></dd>
<dt>Tenant</dt><dd>${foreign(group.tenant)}${group.microtenantId !== '0' && html` / ${foreign(group.microtenantId)}`}</dd>
<dt>Approved</dt><dd>${before === '' ? EMPTY : marked.was}</dd><dt>In ZPA</dt><dd>${after === '' ? EMPTY : marked.is}</dd><dt>Since</dt><dd>${wordsView(sinceWords(finding))}</dd>
${writer !== undefined && html`<dt>Last written</dt><dd>${wordsView(writerWords(writer, kind))}</dd>`}
${approval !== undefined && html`<dt>Approved by</dt><dd>${wordsView(approvalWords(approval))}, <a href="${addressTo(ADDRESS.changes, { q: approval.key })}"><code>${foreign(approval.key)}</code></a></dd>`}
${deletedId !== undefined && html`<dt>Deleted id</dt><dd><code>${foreign(deletedId)}</code></dd>`}
<dt>Policy rules</dt><dd>${wordsView(accessWords(finding, MAX_RULES))}</dd>
${ignored !== undefined && html`<dt>Ignored</dt><dd>until ${formatInstant(ignored.until)}, by ${foreign(ignored.by)}: ${foreign(ignored.reason, 500)}</dd>`}
${pending !== undefined && html`<dt>In flight</dt><dd>${formatCount(pending, 'change')} at work on it</dd>`}</dl>`;
}
