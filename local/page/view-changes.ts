import { owedText } from '../../shared/domain/notice/owed-text.ts';
import { asSentence, formatCount } from '../../shared/domain/text/sentence.ts';
import type { ChangeView, Phase, Snapshot } from '../world/snapshot/snapshot.ts';
import { foreign, html, type Markup } from './html.ts';

/** Number of changes that the page lists at once, and of further ones on request; the rest is only counted. */
const SHOWN = 12;
const SHOWN_OLDER = 100;
const WAY: readonly Phase[] = ['queued', 'working', 'settled'];

const PHASE_TEXT: Record<Phase, string> = {
  accepted: 'accepted',
  queued: 'queued',
  scheduled: 'scheduled',
  working: 'working',
  settled: 'settled',
};

/** The moving list: one row per change, newest first. */
export function viewChanges(snapshot: Snapshot): Markup {
  return html`${snapshot.unreadable.map(viewUnreadable)}${viewReadable(snapshot)}`;
}

const viewUnreadable = (key: string) =>
  html`<p class="why">The record <code>${foreign(key)}</code> cannot be read and is not shown.</p>`;

function viewReadable(snapshot: Snapshot): Markup | false {
  if (snapshot.changes.length === 0) {
    return snapshot.unreadable.length === 0 && html`<p class="empty">No changes yet. Send a sample ticket.</p>`;
  }
  const older = snapshot.changes.slice(SHOWN, SHOWN + SHOWN_OLDER);
  const hidden = snapshot.changes.length - SHOWN - older.length;
  return html`<ol class="changes">${snapshot.changes.slice(0, SHOWN).map(viewChange)}</ol>
${
  older.length > 0 &&
  html`<details id="older"><summary>${older.length} older</summary><ol class="changes">${older.map(viewChange)}</ol>
${hidden > 0 && html`<p class="more">${hidden} more not shown</p>`}</details>`
}`;
}

function viewChange(change: ChangeView): Markup {
  return html`<li class="change" data-phase="${change.phase}" data-outcome="${change.outcome ?? ''}">
<div class="what">${viewTitle(change)}<span class="asks">${foreign(change.asks)}</span></div>
<div class="where">${viewTicket(change)}${viewTries(change)}${viewOwes(change)}</div>
<div class="state">${viewWay(change)}${viewOutcome(change)}</div>
${change.phase === 'settled' && change.why !== '' && html`<p class="why">${viewCode(change)}${foreign(asSentence(change.why), 1000)}</p>`}
</li>`;
}

const VERBS: Record<ChangeView['action'], string> = {
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  accept: 'Accept',
};

/** Action and group of a change, as a link to the change's status page. */
export function viewTitle({ statusUrl, action, group }: ChangeView): Markup {
  return html`<a href="${statusUrl}" target="_blank" rel="noreferrer">${VERBS[action]} <b>${foreign(group)}</b></a> `;
}

export function viewTicket({ ticket, ref }: ChangeView): Markup {
  const label = ticket.id === '' ? ref.idempotencyKey : ticket.id;
  const name = ticket.url === undefined ? foreign(label) : html`<span title="${ticket.url}">${foreign(label)}</span>`;
  return html`<span class="ticket">${name} <small>${foreign(ticket.system)}</small></span>`;
}

function viewTries(change: ChangeView): Markup | false {
  if (change.generation === 1 && change.attempts < 2) return false;
  const redriven = change.generation > 1 ? `, retry ${change.generation - 1}` : '';
  return html` <small class="tries">${formatCount(change.attempts, 'attempt')}${redriven}</small>`;
}

/** Settled, with sends still owed: to the failures queue, the topic, the desired state. */
function viewOwes({ owes }: ChangeView): Markup | false {
  return owes.length > 0 && html` <small class="tries">${owedText(owes)}</small>`;
}

/** Three dots, filled as far as the change is; the words carry the meaning, the dots decorate. */
function viewWay(change: ChangeView): Markup {
  const reached = WAY.indexOf(change.phase);
  const dots = WAY.map((_, index) => html`<i class="${index <= reached ? 'on' : ''}"></i>`);
  return html`<span class="way" aria-hidden="true">${dots}</span>${change.phase !== 'settled' && html`<span class="phase">${PHASE_TEXT[change.phase]}</span>`}`;
}

function viewOutcome(change: ChangeView): Markup | false {
  if (change.outcome === undefined) return false;
  return html`<span class="outcome">${change.outcome}</span>`;
}

function viewCode({ code }: ChangeView): Markup | false {
  return code !== undefined && html`<code>${code}</code> `;
}
