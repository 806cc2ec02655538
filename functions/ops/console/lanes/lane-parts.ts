import { foreign, type Html, html, time } from '../../../../shared/domain/html/html.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { MAX_COUNTED, type ShownLane } from '../../commands/lanes/read-lanes.ts';
import { spanOf } from '../view/age.ts';
import type { LaneBudget } from './read-budget.ts';

export const titleOf = ({ lane, tenants, former }: ShownLane): Html => {
  const names = [...tenants, ...former.map((name) => `${name} (removed)`)];
  return foreign(names.length === 0 ? lane : names.join(', '));
};

export const openCount = ({ open }: ShownLane) => (open > MAX_COUNTED ? `more than ${MAX_COUNTED}` : String(open));

/** An instant that is to come, or was, with how far it is away. */
export function when(at: number, now: number): Html {
  const distance = Math.abs(at - now) < 60_000 ? `${Math.ceil(Math.abs(at - now) / 1000)} s` : spanOf(at - now);
  return html`${time(new Date(at).toISOString())} <small>${at > now ? `in ${distance}` : `${distance} ago`}</small>`;
}

const TONES: Record<ShownLane['state'], 'bad' | 'busy' | ''> = {
  paused: 'bad',
  stopped: 'bad',
  retrying: 'bad',
  limited: 'bad',
  unknown: 'bad',
  working: 'busy',
  waiting: 'busy',
  idle: '',
};

export const laneBadge = ({ state }: ShownLane): Html => html`<span class="badge ${TONES[state]}">${state}</span>`;

/** The states in the words of a person. */
const MEANING: Record<ShownLane['state'], string> = {
  paused: 'Nothing is written until somebody resumes it.',
  stopped: 'Its tenant cannot be reached. It is tried again by itself, and goes on when that succeeds.',
  retrying: 'A change met an error and is tried again by itself.',
  limited: 'ZPA allows no calls for a moment. It goes on by itself.',
  working: 'Changes are being applied.',
  waiting: 'Changes wait for a worker.',
  idle: 'Nothing is open.',
  unknown: 'The record of the lane cannot be read. See docs/runbook.md, record-malformed.',
};

/** State, cause, attempts and the next one. */
export function standingFacts(shown: ShownLane, now: number): Html {
  const { state, note, tries, since, nextAt, unreadable } = shown;
  return html`<dl class="facts"><dt>State</dt><dd>${MEANING[state]}</dd><dt>Open changes</dt><dd>${openCount(shown)}</dd>
${note !== '' && html`<dt>Reason</dt><dd>${foreign(asSentence(note), 600)}</dd>`}
${since !== undefined && html`<dt>Since</dt><dd>${when(since, now)}</dd>`}
${tries !== undefined && html`<dt>Failed attempts</dt><dd>${tries}</dd>`}
${nextAt !== undefined && html`<dt>Next attempt</dt><dd>${when(nextAt, now)}</dd>`}
${unreadable.map(({ key, why }) => html`<dt>Cannot be read</dt><dd>${foreign(key)} <small>${foreign(why)}</small></dd>`)}</dl>`;
}

/** Shows how many of the calls that ZPA allows are used, and by whom. */
export function budgetView({ reads, writes, windowSeconds, uses, silentUntil }: LaneBudget, now: number): Html {
  const counted = uses.flatMap(({ who, reads: used, ofReads, writes: written, ofWrites }) => [
    ...(used === undefined ? [] : [meter(`${who}: reads`, used, ofReads)]),
    ...(ofWrites === 0 ? [] : [meter(`${who}: writes`, written, ofWrites)]),
  ]);
  const others = uses.filter((use) => use.reads === undefined);
  return html`<p class="hint">ZPA allows this customer ${reads} reads and ${writes} writes in ${windowSeconds} s. Used in the last ${windowSeconds} s:</p>
<div class="budgets">${counted}</div>${others.map(({ who, ofReads }) => html`<p class="hint">Another ${ofReads} reads are kept free for ${who}.</p>`)}
${silentUntil !== undefined && html`<p class="warning">ZPA asked for no calls until ${when(silentUntil, now)}.</p>`}`;
}

const meter = (label: string, used: number, allowed: number): Html =>
  html`<label class="budget"><span>${label}</span><meter min="0" max="${Math.max(1, allowed)}" value="${Math.min(used, allowed)}"></meter><span>${used} of ${allowed}</span></label>`;
