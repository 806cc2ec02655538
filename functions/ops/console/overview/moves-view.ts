import { type Html, html } from '../../../../shared/domain/html/html.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { ADDRESS } from '../contract.ts';
import { laneBadge, openCount, titleOf } from '../lanes/lane-parts.ts';
import type { LaneNow } from '../lanes/read-lanes.ts';
import { addressTo } from '../view/address.ts';
import type { Overview } from './read-overview.ts';

/** The lanes with open changes: how many, and how much of ZPA's rate limit their workers use. */
export function movesView({ moving, idle }: Overview): Html {
  const rest = idle === 0 ? '' : ` ${idle === 1 ? '1 lane has' : `${idle} lanes have`} nothing to do.`;
  return html`<section class="panel" aria-labelledby="moves"><header><h2 id="moves">Open changes</h2>
<p class="hint">By lane, the queue of one ZPA customer. <a href="${addressTo(ADDRESS.changes, { outcome: 'open' })}">List them</a> or <a href="${ADDRESS.changes}">all changes</a>.</p></header>
${moving.length === 0 ? html`<p class="empty">No open changes.${rest}</p>` : html`${laneTable(moving)}<p class="hint">${rest}</p>`}</section>`;
}

const laneTable = (lanes: readonly LaneNow[]): Html =>
  html`<table class="list"><thead><tr><th scope="col">Lane</th><th scope="col">State</th><th scope="col">Open</th><th scope="col">In progress</th><th scope="col">Scheduled</th><th scope="col">Rate limit used</th></tr></thead>
<tbody>${lanes.map(laneRow)}</tbody></table>`;

function laneRow({ shown, record, budget, scheduled }: LaneNow): Html {
  const inHand = record?.working?.members.length ?? 0;
  const [worker] = budget?.uses ?? [];
  return html`<tr><td><a href="${addressTo(ADDRESS.lane, { lane: shown.lane })}">${titleOf(shown)}</a></td><td data-label="State">${laneBadge(shown)}</td>
<td data-label="Open">${openCount(shown)}</td><td data-label="In progress">${inHand}</td><td data-label="Scheduled">${scheduled}</td>
<td data-label="Rate limit used">${worker && html`${formatCount(worker.reads ?? 0, 'read')} of ${worker.ofReads}, ${formatCount(worker.writes, 'write')} of ${worker.ofWrites}`}</td></tr>`;
}
