import { type Html, html, untrusted } from '../html/html.ts';
import { formatCount } from '../text/sentence.ts';
import type { MemberView, StatusView } from './view.ts';

/** The other changes of the ticket, each with its result and a link to its page; this page's own stands among them. */
export function setSection({ set }: StatusView, addressOf: (member: MemberView) => string): Html | undefined {
  if (set === undefined) return undefined;
  const left = set.size - set.members.length;
  const more =
    left === 0
      ? undefined
      : html`<p class="quiet">${formatCount(left, 'more change')} of this ticket ${left === 1 ? 'has' : 'have'} not finished, or ${left === 1 ? 'is' : 'are'} not known here.</p>`;
  return html`<section><h2>Changes on this ticket</h2><p>${set.summary}</p>
<table class="wide set"><thead><tr><th scope="col">Segment group</th><th scope="col">Change</th><th scope="col">Result</th></tr></thead>
<tbody>${set.members.map((one) => memberRow(one, set.index, addressOf(one)))}</tbody></table>${more}</section>`;
}

function memberRow({ index, group, change, result }: MemberView, shown: number, address: string): Html {
  const name =
    index === shown
      ? html`<b aria-current="page">${untrusted(group)}</b>`
      : html`<a href="${address}">${untrusted(group)}</a>`;
  return html`<tr><td>${name}</td><td data-label="Change"><div>${untrusted(change)}</div></td><td data-label="Result"><div>${untrusted(result)}</div></td></tr>\n`;
}
