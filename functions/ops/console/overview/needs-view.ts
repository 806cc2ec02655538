import type { Harm } from '../../../../shared/domain/drift/by-harm.ts';
import { foreign, type Html, html } from '../../../../shared/domain/html/html.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { ADDRESS } from '../contract.ts';
import { OWNERS } from '../failures/owners.ts';
import { laneBadge, standingFacts, titleOf } from '../lanes/lane-parts.ts';
import type { LaneNow } from '../lanes/read-lanes.ts';
import { addressTo } from '../view/address.ts';
import { spanOf } from '../view/age.ts';
import type { FailureCounts } from './count-failures.ts';
import type { DriftNews } from './read-news.ts';
import type { Overview } from './read-overview.ts';

/** Codes of an owner that are named; the list of failures has all. */
const CODES_SHOWN = 4;

/** Lists all that waits for a person, the operator's own first. */
export function needsView({ refusedSettings, failures, stuck, drift }: Overview, now: number): Html {
  const needs = [
    ...(refusedSettings === undefined ? [] : [settingsNeed(refusedSettings)]),
    ...failureNeeds(failures, now),
    ...stuck.map((lane) => laneNeed(lane, now)),
    ...driftNeeds(drift, now),
  ];
  return html`<section class="panel" aria-labelledby="needs"><header><h2 id="needs">Needs a person</h2></header>
${needs.length === 0 ? html`<p class="empty">Nothing needs a person.</p>` : html`<ul class="needs">${needs}</ul>`}</section>`;
}

const settingsNeed = ({ version, why, inUse }: NonNullable<Overview['refusedSettings']>): Html =>
  html`<li class="bad" data-key="settings"><h3>Version ${version} of the settings cannot be used</h3><p class="hint">${foreign(why, 1000)}. Version ${inUse} is in use instead. See docs/runbook.md, <code>settings-refused</code>.</p></li>`;

function failureNeeds({ owners, unreadable, isCut }: FailureCounts, now: number): Html[] {
  const needs = owners.map(({ owner, count, oldest, codes }) => {
    const { title, next } = OWNERS[owner];
    const named = codes
      .slice(0, CODES_SHOWN)
      .map(
        (one) =>
          html`<li><a href="${addressTo(ADDRESS.failures, { owner, code: one.code })}"><code>${one.code}</code></a> ${one.count}</li>`,
      );
    const rest = codes.length - CODES_SHOWN;
    const more = isCut ? 'at least ' : '';
    return html`<li class="${owner === 'operator' ? 'bad' : 'busy'}" data-key="failures-${owner}"><h3><a href="${addressTo(ADDRESS.failures, { owner })}">${title}: ${more}${formatCount(count, 'failure')}</a> <small>the oldest ${spanOf(now - oldest)} ago</small></h3>
<p class="hint">${next}</p><ul class="codes">${named}${rest > 0 && html`<li>${formatCount(rest, 'other code')}</li>`}</ul></li>`;
  });
  return [...needs, ...(isCut ? [UNCOUNTED] : []), ...(unreadable === 0 ? [] : [unreadableNeed(unreadable)])];
}

/** Those of an owner who is not named may be among the others. */
const UNCOUNTED = html`<li class="bad" data-key="uncounted"><h3><a href="${ADDRESS.failures}">Not all failures are counted</a></h3><p class="hint">There are too many to read at each look. Every owner may have more than is told here.</p></li>`;

const unreadableNeed = (count: number): Html =>
  html`<li class="bad" data-key="unreadable"><h3>${formatCount(count, 'failure')} cannot be read</h3><p class="hint">See docs/runbook.md, <code>record-malformed</code>.</p></li>`;

const laneNeed = ({ shown }: LaneNow, now: number): Html =>
  html`<li class="${TONES[shown.state] ?? 'busy'}" data-key="lane-${shown.lane}"><h3><a href="${addressTo(ADDRESS.lane, { lane: shown.lane })}">Lane of ${titleOf(shown)}</a> ${laneBadge(shown)}</h3>
${standingFacts(shown, now)}</li>`;

const TONES: Partial<Record<LaneNow['shown']['state'], string>> = { stopped: 'bad', unknown: 'bad' };

/** The words that follow a number of findings of each harm. */
const HARM_WORDS: Record<Harm, string> = {
  exposes: 'opening access',
  interrupts: 'interrupting access',
  unknown: 'whose effect on access is unknown (policy rules not read)',
  none: 'without effect on access',
};

function driftNeeds(drift: readonly DriftNews[], now: number): Html[] {
  return drift.flatMap((one) => {
    const { lane, report, unknown } = one;
    const to = addressTo(ADDRESS.drift, { lane });
    const title = one.tenants.join(', ');
    if (unknown !== undefined) {
      return html`<li class="busy" data-key="drift-${lane}"><h3><a href="${to}">Drift of ${foreign(title)}</a> is not known</h3><p class="hint">${foreign(unknown)}</p></li>`;
    }
    if (report === undefined) return [];
    const count = report.news.reduce((sum, { count: of }) => sum + of, 0);
    if (count === 0 && report.allChecked) return [];
    const harms = report.news.filter(({ count: of }) => of > 0);
    const rest = report.allChecked ? [] : ['not everything could be compared'];
    return html`<li class="${harms.some(({ harm }) => harm === 'exposes') ? 'bad' : 'busy'}" data-key="drift-${lane}"><h3><a href="${to}">Drift of ${foreign(title)}: ${formatCount(count, 'new finding')}</a> <small>report ${spanOf(now - report.at)} ago${!report.allChecked && ', incomplete'}</small></h3>
<p class="hint">${[...harms.map(({ harm, count: of }) => `${of} ${HARM_WORDS[harm]}`), ...rest].join(', ')}</p></li>`;
  });
}
