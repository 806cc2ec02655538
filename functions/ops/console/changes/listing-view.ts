import { foreign, type Html, html, time, timeText } from '../../../../shared/domain/html/html.ts';
import { outcomeWord } from '../../../../shared/domain/outcome/outcome-word.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence, formatCount } from '../../../../shared/domain/text/sentence.ts';
import { OUTCOMES } from '../../changes/change-row.ts';
import { lastAt, reasonOf } from '../../output/change-table.ts';
import { stateWord } from '../../output/describe-change.ts';
import { describeRecord } from '../../output/describe-request.ts';
import { ADDRESS } from '../contract.ts';
import { changeAddress } from '../view/change-address.ts';
import { selectOf } from '../view/select-of.ts';
import type { Progress } from './follow-changes.ts';
import { type ListingQuery, listingAddress } from './listing-query.ts';
import { type Listing, PAGE_SIZE } from './read-listing.ts';

/** A person can choose from these. */
export type Choices = { tenants: readonly string[]; sources: readonly string[] };

/** The page of changes: filters, how far the ledger is read, the changes, and those that cannot be read. */
export function listingView(listing: Listing, query: ListingQuery, choices: Choices): Html {
  const { records, total, unreadable } = listing;
  return html`<div class="changes">${filterForm(query, choices)}</div>
${progressLine(listing.progress)}
<p class="count-line">${countWords(listing, query)}</p>
${records.length > 0 && changeTable(records)}
${pager(query, total)}
${unreadable.length > 0 && unreadableList(unreadable.map(({ key }) => key))}`;
}

const OUTCOME_CHOICES = OUTCOMES.map((value) => ({ value, title: outcomeWord(value) }));

function filterForm({ filters }: ListingQuery, { tenants, sources }: Choices): Html {
  const { text = '', tenant, source, outcome, since = '', until = '' } = filters;
  return html`<form class="filters" role="search" aria-label="Filters" action="${ADDRESS.changes}">
<label class="grow">Ticket, group or key<input type="search" name="q" value="${text}"></label>
${selectOf('Tenant', 'tenant', tenant, tenants)}${selectOf('Source', 'source', source, sources)}${selectOf('Outcome', 'outcome', outcome, OUTCOME_CHOICES)}
<label>From<input name="since" value="${since}" placeholder="2027-01-15" size="12"></label>
<label>Before<input name="until" value="${until}" placeholder="2027-01-16" size="12"></label>
<span class="buttons"><button class="quiet">Filter</button> <a href="${ADDRESS.changes}">Clear</a></span></form>`;
}

/** Says what the list does not hold yet. */
function progressLine({ isComplete, read, since, missed, failures }: Progress): Html {
  const failed = failures.map(
    ({ lane, sentence }) =>
      html`<p class="warning">The changes of lane ${foreign(lane)} could not be read: ${foreign(asSentence(sentence), 1000)} They are read again in a moment.</p>`,
  );
  if (!isComplete) {
    const count = html`<b>${number(read)}</b> ${read === 1 ? 'change' : 'changes'} read so far.`;
    return html`<p class="progress" role="status">Reading the ledger: ${count} The list is not complete. Open changes are all here, and so are those whose key begins with the whole ticket or line that you search.</p>${failed}`;
  }
  const later =
    missed > 0 &&
    html` Up to ${formatCount(missed, 'change')} accepted and completed since then may be missing; the ledger is read again shortly.`;
  return html`<p class="hint">${readWords(read, time(new Date(since ?? 0).toISOString()))}; open changes are followed.${later}</p>${failed}`;
}

function readWords(read: number, at: Html): Html {
  if (read === 0) return html`The ledger held no changes at ${at}`;
  if (read === 1) return html`The only change that the ledger held at ${at} is read`;
  return html`All ${number(read)} changes that the ledger held at ${at} are read`;
}

const number = (count: number) => count.toLocaleString('en-US');

function countWords({ total, progress, keptSince }: Listing, { page }: ListingQuery): Html {
  const first = (page - 1) * PAGE_SIZE + 1;
  const soFar = progress.isComplete ? '' : ' found so far';
  const older =
    keptSince !== undefined &&
    html` Changes completed before ${time(new Date(keptSince).toISOString())} are not kept here: find them by their ticket with <code>zpa-changes changes list</code>.`;
  if (total === 0) return html`No change matches${progress.isComplete ? '' : ' so far'}.${older}`;
  if (first > total) return html`This page is behind the last one of ${number(total)} changes${soFar}.${older}`;
  const last = Math.min(total, page * PAGE_SIZE);
  return html`${number(first)}–${number(last)} of ${number(total)} ${total === 1 ? 'change' : 'changes'}${soFar}, newest first.${older}`;
}

const COLUMNS = ['Change', 'Request', 'Tenant and source', 'State', 'Settled or accepted', 'Reason'];

function changeTable(records: readonly ChangeRecord[]): Html {
  const heads = COLUMNS.map((title) => html`<th scope="col">${title}</th>`);
  return html`<div class="panel"><table class="list listing"><thead><tr>${heads}</tr></thead>
<tbody>${records.map(changeRow)}</tbody></table></div>`;
}

function changeRow(record: ChangeRecord): Html {
  const { ref, ticket, outcome, state } = record;
  const kind = state === 'settled' ? (outcome?.kind ?? '') : '';
  const reason = reasonOf(record, (at) => timeText(new Date(at).toISOString()));
  // Most keys begin with their ticket.
  const other = !ref.idempotencyKey.startsWith(ticket.id) && html` <span class="id">${foreign(ticket.id, 100)}</span>`;
  const cells: [string, Html | undefined][] = [
    ['Request', foreign(describeRecord(record), 160)],
    ['Tenant and source', html`${foreign(ref.tenant)} <span class="id">${foreign(ref.source)}</span>`],
    ['State', html`<span class="outcome">${stateWord(record)}</span>`],
    ['Settled or accepted', time(new Date(lastAt(record)).toISOString())],
    ['Reason', reason === '' ? undefined : foreign(reason, 200)],
  ];
  return html`<tr data-outcome="${kind}"><th scope="row"><a href="${changeAddress(ref)}">${foreign(ref.idempotencyKey, 120)}</a>${other}</th>${cells.map(
    ([label, cell]) => (cell === undefined ? html`<td></td>` : html`<td data-label="${label}"><div>${cell}</div></td>`),
  )}</tr>\n`;
}

function pager({ filters, page }: ListingQuery, total: number): Html | undefined {
  const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
  if (pages === 1 && page === 1) return undefined;
  const link = (label: string, to: number, rel?: string) =>
    to >= 1 && to <= pages && to !== page
      ? html`<a href="${listingAddress(filters, to)}"${rel !== undefined && html` rel="${rel}"`}>${label}</a>`
      : html`<span aria-disabled="true">${label}</span>`;
  return html`<nav class="pager" aria-label="Pages of changes">${link('First', 1)} ${link('Newer', page - 1, 'prev')} <span>Page ${number(page)} of ${number(pages)}</span> ${link('Older', page + 1, 'next')} ${link('Last', pages)}</nav>`;
}

const SHOWN_KEYS = 50;

function unreadableList(keys: readonly string[]): Html {
  const more = keys.length > SHOWN_KEYS && html`<li>and ${number(keys.length - SHOWN_KEYS)} more</li>`;
  const items = keys.slice(0, SHOWN_KEYS).map((key) => html`<li><code>${foreign(key, 200)}</code></li>`);
  return html`<section class="panel error"><h2>Cannot be read</h2><p>${formatCount(keys.length, 'record')} of the ledger ${keys.length === 1 ? 'is' : 'are'} in none of the pages (docs/runbook.md, <code>record-malformed</code>).</p><ul>${items}${more}</ul></section>`;
}
