import { foreign, type Html, html } from '../../../../shared/domain/html/html.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { openIntents } from '../../../../shared/ledger/release-intent.ts';
import { describeRequest } from '../../output/describe-request.ts';
import { ADDRESS, type ConsoleContext, READS_ZPA } from '../contract.ts';
import { actForm } from '../view/act-form.ts';
import { addressTo } from '../view/address.ts';
import { changeAddress } from '../view/change-address.ts';
import { roleLink } from '../view/role-link.ts';
import { budgetView, laneBadge, openCount, standingFacts, titleOf, when } from './lane-parts.ts';
import type { LaneNow, OpenPage } from './read-lanes.ts';

/** The buttons post to these. */
export const LANE_ACTS = {
  pause: { path: '/lane/pause', role: 'operator' },
  resume: { path: '/lane/resume', role: 'operator' },
  release: { path: '/lane/release', role: 'operator' },
} as const;

export const RELEASE_ADDRESS = '/lane/release';

/** One lane: what it does and why, its buttons, what is in progress, and its open changes in order. */
export function laneView(context: ConsoleContext, page: LaneNow & OpenPage): Html {
  const { shown, record, budget } = page;
  const now = context.now();
  return html`<section class="panel" data-key="standing"><header class="state"><h2>${titleOf(shown)}</h2>${laneBadge(shown)}</header>
<p class="id">${foreign(shown.lane)}</p>${standingFacts(shown, now)}
<div class="buttons">${record && pauseForms(context, record)}
<a href="${addressTo(ADDRESS.drift, { lane: shown.lane })}">Drift</a></div></section>
${record && handSection(context, record)}
<section class="panel" data-key="open"><header><h2>Open changes <small>${openCount(shown)}</small></h2><p class="hint">In the order in which they are applied.</p></header>${openTable(page, now)}</section>
${budget && html`<section class="panel" data-key="budget"><header><h2>Rate limit</h2></header>${budgetView(budget, now)}</section>`}`;
}

function pauseForms(context: ConsoleContext, { lane, paused }: LaneRecord): Html {
  const of = lane;
  if (paused !== undefined) {
    const fields = { lane, since: paused.since };
    return actForm(context, { act: LANE_ACTS.resume, fields, label: 'Resume', of });
  }
  const inputs = html`<label>Reason, shown to other operators <input name="reason" required maxlength="500" autocomplete="off"></label>`;
  const confirm = 'All writes to this ZPA customer wait until somebody resumes it. A write in progress is completed.';
  return actForm(context, { act: LANE_ACTS.pause, fields: { lane }, label: 'Pause', of, inputs, confirm });
}

/** The lease, the changes that a worker has begun, and the writes that are not settled. */
const RELEASE_HINT = 'only for a write that nobody can look up in ZPA any more; what is known is shown first';

function handSection(context: ConsoleContext, record: LaneRecord): Html | undefined {
  const { lease, working, lane } = record;
  const now = context.now();
  const intents = openIntents(record);
  const isLeased = lease !== undefined && lease.until > now;
  if (!isLeased && working === undefined && intents.length === 0) return undefined;
  return html`<section class="panel" data-key="hand"><header><h2>In progress</h2></header><dl class="facts">
<dt>Worker</dt><dd>${isLeased ? html`has the lane until ${when(lease.until, now)}` : 'none at the moment'}</dd>
${working && html`<dt>Begun</dt><dd>${formatCount(working.members.length, 'change')}, ${when(working.since, now)}${working.strikes > 0 && html`; the worker died ${formatCount(working.strikes, 'time')} over them`}</dd>`}</dl>
${intents.map((intent) => intentView(intent, now))}
${intents.length > 0 && html`<p>${roleLink(context, READS_ZPA, addressTo(RELEASE_ADDRESS, { lane }), 'Release …', RELEASE_HINT)}</p>`}</section>`;
}

/** A group by the name that it had before the write; by its id where the intent does not say. */
const groupIn = ({ write, before }: Intent['writes'][number]): string =>
  write.kind === 'create' ? write.name : (before?.name ?? write.groupId);

function intentView({ members, writes, cursor, trouble, tenant, answeredAt }: Intent, now: number): Html {
  const current = writes[cursor] ?? writes.at(-1);
  const what = current === undefined ? 'a write' : `${current.write.kind} ${groupIn(current)}`;
  const state = answeredAt === undefined ? 'not confirmed yet' : 'confirmed by ZPA, to be read back';
  return html`<article><h3>${foreign(what)} <small>in ${foreign(tenant)}, ${state}${writes.length > 1 && html`, write ${Math.min(cursor + 1, writes.length)} of ${writes.length}`}</small></h3>
<ul>${members.map(({ ref }) => html`<li><a href="${changeAddress(ref)}"><code>${foreign(ref.idempotencyKey)}</code></a></li>`)}</ul>
${trouble && html`<p>${formatCount(trouble.looks ?? trouble.tries, 'failed attempt')}${trouble.error !== undefined && html`: ${foreign(trouble.error)}`}. Next attempt ${when(trouble.retryAt, now)}.</p>`}</article>`;
}

function openTable({ changes, next, shown }: LaneNow & OpenPage, now: number): Html {
  const more = next === undefined ? undefined : addressTo(ADDRESS.lane, { lane: shown.lane, after: next });
  const pager = more !== undefined && html`<nav class="pager"><a href="${more}">Next</a></nav>`;
  if (changes.length === 0) return html`<p class="empty">No open changes here.</p>${pager}`;
  return html`<table class="list"><thead><tr><th scope="col">Change</th><th scope="col">State</th><th scope="col">Ticket</th><th scope="col">Accepted</th></tr></thead><tbody>${changes.map(
    (record) => openRow(record, now),
  )}</tbody></table>${pager}`;
}

function openRow(
  { ref, change, state, ticket, acceptedAt, attempts, pending, outcome }: ChangeRecord,
  now: number,
): Html {
  const owed = pending.length > 0 && html`<br><small>${formatCount(pending.length, 'notification')} pending</small>`;
  return html`<tr><td><a href="${changeAddress(ref)}">${foreign(describeRequest(change), 160)}</a><br><small>${foreign(ref.tenant)} from ${foreign(ref.source)}</small></td>
<td data-label="State">${outcome?.kind ?? state}${attempts > 0 && html`, ${formatCount(attempts, 'failed attempt')}`}${owed}</td>
<td data-label="Ticket">${foreign(ticket.id)}</td><td data-label="Accepted">${when(acceptedAt, now)}</td></tr>`;
}
