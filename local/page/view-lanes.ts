import { foreign, type Html, html } from '../../shared/domain/html/html.ts';
import { asSentence } from '../../shared/domain/text/sentence.ts';
import type { LaneView, Snapshot } from '../world/snapshot/snapshot.ts';

/** One card per lane: what it does, how many changes wait, and how much of the rate limit is used. */
export function viewLanes(snapshot: Snapshot): Html {
  return html`${snapshot.lanes.map(viewLane)}`;
}

function viewLane(lane: LaneView): Html {
  return html`<article class="lane" data-state="${lane.state}">
<h3>${lane.tenants.join(', ')} <span class="badge">${lane.state}</span></h3>
<p class="id">${lane.lane}</p>
${lane.note !== '' && html`<p class="note">${foreign(asSentence(lane.note), 600)}</p>`}
<dl class="numbers">
<div><dt>open</dt><dd class="number">${lane.open}</dd></div>
<div><dt>completed</dt><dd class="number">${lane.settled}</dd></div>
</dl>
<p class="hint">Share of ZPA's rate limit, calls in the last ${lane.budget.windowSeconds} s</p>
${viewBudget('reads', lane.budget.reads, lane.budget.readsAllowed)}
${viewBudget('writes', lane.budget.writes, lane.budget.writesAllowed)}
<p><a href="/drift/${encodeURIComponent(lane.lane)}" target="_blank" rel="noreferrer">Drift report</a></p>
</article>`;
}

function viewBudget(kind: string, used: number, allowed: number): Html {
  return html`<label class="budget"><span>${kind}</span>
<meter min="0" max="${allowed}" value="${Math.min(used, allowed)}"></meter><span>${used} of ${allowed}</span></label>`;
}
