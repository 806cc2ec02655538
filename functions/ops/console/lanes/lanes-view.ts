import { foreign, type Html, html } from '../../../../shared/domain/html/html.ts';
import { ADDRESS } from '../contract.ts';
import { addressTo } from '../view/address.ts';
import { budgetView, laneBadge, standingFacts, titleOf } from './lane-parts.ts';
import type { LaneNow } from './read-lanes.ts';

/** In which order a person wants to see lanes: first those that do not go on. */
const ORDER = ['unknown', 'stopped', 'paused', 'retrying', 'limited', 'working', 'waiting', 'idle'] as const;

/** All lanes; those that do not go on come first. */
export function lanesView(lanes: readonly LaneNow[], now: number): Html {
  const sorted = lanes.toSorted((a, b) => ORDER.indexOf(a.shown.state) - ORDER.indexOf(b.shown.state));
  return html`<p class="hint">A lane is the queue of one ZPA customer: its changes are applied one after the other.</p>
${sorted.map((one) => laneCard(one, now))}`;
}

function laneCard({ shown, budget }: LaneNow, now: number): Html {
  const to = addressTo(ADDRESS.lane, { lane: shown.lane });
  return html`<article class="panel" data-key="${shown.lane}"><header class="state"><h2><a href="${to}">${titleOf(shown)}</a></h2>${laneBadge(shown)}</header>
<p class="id">${foreign(shown.lane)}</p>
${standingFacts(shown, now)}
${budget && budgetView(budget, now)}</article>`;
}
