import { REJECTIONS } from '../../../../shared/domain/change/rejection-codes.ts';
import type { Configuration } from '../../../../shared/domain/configuration/configuration.ts';
import { foreign, type Html, html, time } from '../../../../shared/domain/html/html.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence, formatCount } from '../../../../shared/domain/text/sentence.ts';
import { lastAt } from '../../output/change-table.ts';
import { describeRequest } from '../../output/describe-request.ts';
import { ADDRESS } from '../contract.ts';
import { addressTo } from '../view/address.ts';
import { spanOf } from '../view/age.ts';
import { addressAbout } from '../view/change-address.ts';
import { selectOf } from '../view/select-of.ts';
import { OWNERS, type Owner } from './owners.ts';
import type { FailureFilters, FailureGroup, FailureList } from './read-failures.ts';

/** The failures that wait for a person: first who has to act, then the reason, then each with its next step. */
export function failuresView(list: FailureList, configuration: Configuration, now: number): Html {
  const { groups, total, isCut, unreadable, filters } = list;
  const owners = [...Map.groupBy(groups, ({ owner }) => owner)];
  return html`${filterForm(filters, configuration)}
<p class="hint">${isCut ? html`More than ${total} failures match; the first ${total} are shown. Filter for the others.` : html`${formatCount(total, 'failure')}${total > 0 && ', the oldest of each group first'}.`}</p>
${total === 0 && html`<p class="empty">${noneWords(filters, unreadable.length)}</p>`}
${unreadable.map(({ key }) => html`<p class="warning">The record ${foreign(key)} cannot be read and is left out. See docs/runbook.md, <code>record-malformed</code>.</p>`)}
${owners.map(([owner, of]) => ownerSection(owner, of, list, now))}${pager(list)}`;
}

/** A failure that cannot be read waits for a person too. */
function noneWords(filters: FailureFilters, unreadable: number): string {
  if (isFiltered(filters)) return 'No failure matches.';
  return unreadable > 0 ? 'No failure that can be read.' : 'No failure waits for a person.';
}

const isFiltered = (filters: FailureFilters) => Object.keys(filters).length > 0;

function ownerSection(owner: Owner, groups: readonly FailureGroup[], { filters }: FailureList, now: number): Html {
  const { title, next } = OWNERS[owner];
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const shown = groups.filter(({ rows }) => rows.length > 0);
  const elsewhere = groups.filter(({ rows }) => rows.length === 0);
  return html`<section class="panel" data-key="owner-${owner}"><header><h2>${title} <small>${count}</small></h2><p class="hint">${next}</p></header>
${shown.map((group) => groupTable(group, now))}
${elsewhere.length > 0 && html`<p class="hint">On other pages: ${elsewhere.map(({ code, count: of }) => html`<a href="${addressTo(ADDRESS.failures, { ...filters, code })}">${code}</a> (${of}) `)}</p>`}</section>`;
}

function groupTable({ code, count, rows }: FailureGroup, now: number): Html {
  return html`<h3><code>${code}</code> <small>${count}</small></h3><p class="hint">${REJECTIONS[code].meaning}</p>
<table class="list failing"><thead><tr><th scope="col">Change</th><th scope="col">Reason and next step</th><th scope="col">Ticket</th><th scope="col">Rejected</th></tr></thead>
<tbody>${rows.map((record) => failureRow(record, now))}</tbody></table>`;
}

function failureRow(record: ChangeRecord, now: number): Html {
  const { ref, generation, change, ticket } = record;
  const to = addressAbout(ADDRESS.failure, ref, { generation });
  const at = lastAt(record);
  return html`<tr><td><a href="${to}">${foreign(describeRequest(change), 160)}</a><br><small>${foreign(ref.tenant)} from ${foreign(ref.source)}${generation > 1 && html`, retry ${generation - 1}`}</small></td>
<td data-label="Reason">${reasonOf(record)}</td>
<td data-label="Ticket">${ticketLink(ticket)}</td>
<td data-label="Rejected">${spanOf(now - at)} ago<br><small>${time(new Date(at).toISOString())}</small></td></tr>`;
}

function reasonOf({ outcome }: ChangeRecord): Html | undefined {
  if (outcome?.kind !== 'rejected') return undefined;
  return html`${foreign(asSentence(outcome.sentence), 500)}<br><small><b>Next:</b> ${foreign(asSentence(outcome.remedy), 500)}</small>`;
}

/** The ticket's id, as a link where its system has pages. Only a web address becomes a link. */
export function ticketLink({ id, url }: ChangeRecord['ticket']): Html {
  if (url === undefined || !/^https?:\/\//.test(url)) return foreign(id);
  return html`<a href="${url}" rel="noreferrer" target="_blank">${foreign(id)}</a>`;
}

function filterForm(filters: FailureFilters, { tenants, sources }: Configuration): Html {
  const owners = Object.entries(OWNERS).map(([value, { title }]) => ({ value, title }));
  return html`<form class="filters" action="${ADDRESS.failures}">
${selectOf('Who acts', 'owner', filters.owner, owners)}${selectOf('Code', 'code', filters.code, Object.keys(REJECTIONS))}
${selectOf('Tenant', 'tenant', filters.tenant, Object.keys(tenants))}${selectOf('Source', 'source', filters.source, Object.keys(sources))}
<label>Ticket <input name="ticket" value="${filters.ticket ?? ''}" autocomplete="off"></label><label>Group <input name="group" value="${filters.group ?? ''}" autocomplete="off"></label>
<button class="quiet">Filter</button>${isFiltered(filters) && html`<a href="${ADDRESS.failures}">All failures</a>`}</form>`;
}

function pager({ page, pages, filters }: FailureList): Html | false {
  if (pages === 1) return false;
  const to = (label: string, number: number) =>
    html`<a href="${addressTo(ADDRESS.failures, { ...filters, page: number })}">${label}</a>`;
  return html`<nav class="pager" aria-label="Pages of failures">${page > 1 && to('Previous', page - 1)}<span>Page ${page} of ${pages}</span>${page < pages && to('Next', page + 1)}</nav>`;
}
