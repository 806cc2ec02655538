import { type Html, html, untrusted } from '../../../shared/domain/html/html.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import type { MemberView, StatusView } from './view.ts';

/** The other changes of the ticket, each with its result and a link; this page's own stands among them. */
export function setSection({ set }: StatusView): Html | undefined {
  if (set === undefined) return undefined;
  const left = set.size - set.members.length;
  const more =
    left === 0
      ? undefined
      : html`<p class="quiet">${formatCount(left, 'more change')} of this ticket ${left === 1 ? 'has' : 'have'} not finished, or ${left === 1 ? 'is' : 'are'} not known here.</p>`;
  return html`<section><h2>Changes on this ticket</h2><p>${set.summary}</p>
<table class="wide set"><thead><tr><th scope="col">Segment group</th><th scope="col">Change</th><th scope="col">Result</th></tr></thead>
<tbody>${set.members.map((one) => memberRow(one, set.index))}</tbody></table>${more}</section>`;
}

/** A link relative to this page's address, which is the secret: it leads to a change of the same set only. */
function memberRow({ index, group, change, result }: MemberView, shown: number): Html {
  const name =
    index === shown
      ? html`<b aria-current="page">${untrusted(group)}</b>`
      : html`<a href="?change=${String(index)}">${untrusted(group)}</a>`;
  return html`<tr><td>${name}</td><td data-label="Change"><div>${untrusted(change)}</div></td><td data-label="Result"><div>${untrusted(result)}</div></td></tr>\n`;
}
