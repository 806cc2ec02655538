import { ADDRESS } from '../../functions/ops/console/contract.ts';
import { changeAddress } from '../../functions/ops/console/view/change-address.ts';
import { foreign, type Html, html } from '../../shared/domain/html/html.ts';
import { outcomeWord } from '../../shared/domain/outcome/outcome-word.ts';
import { asSentence, formatCount } from '../../shared/domain/text/sentence.ts';
import type { ChangeView, Snapshot } from '../world/snapshot/snapshot.ts';

/** Number of changes that are listed; the console's own list has all. */
const SHOWN = 12;

/** The moving list: one row per change, newest first. */
export function viewChanges({ changes, unreadable, open, owing }: Snapshot): Html {
  const unread = unreadable.map(
    (key) => html`<p class="warning">The record <code>${foreign(key)}</code> cannot be read and is not shown.</p>`,
  );
  if (changes.length === 0) return html`${unread}<p class="empty">No changes yet. Send a sample ticket.</p>`;
  return html`${unread}<p class="hint">${formatCount(changes.length, 'change')}, ${open} open, ${formatCount(owing, 'notification')} pending. <a href="${ADDRESS.changes}">All changes</a></p>
<table class="list"><thead><tr><th scope="col">Change</th><th scope="col">Ticket</th><th scope="col">State</th><th scope="col">Reason</th></tr></thead>
<tbody>${changes.slice(0, SHOWN).map(viewChange)}</tbody></table>`;
}

const VERBS: Record<ChangeView['action'], string> = {
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  accept: 'Accept',
};

function viewChange(change: ChangeView): Html {
  const { action, group, asks, ref, ticket, phase, outcome, code, why, attempts, generation } = change;
  const retried = generation > 1 ? `, retry ${generation - 1}` : '';
  const tries = attempts > 1 || generation > 1 ? `${formatCount(attempts, 'attempt')}${retried}` : '';
  return html`<tr data-phase="${phase}" data-outcome="${outcome ?? ''}"><td><a href="${changeAddress(ref)}">${VERBS[action]} <b>${foreign(group)}</b></a><br><small>${foreign(asks)}</small></td>
<td data-label="Ticket">${foreign(ticket.id === '' ? ref.idempotencyKey : ticket.id)} <small>${foreign(ticket.system)}</small></td>
<td><span class="outcome">${outcomeWord(outcome ?? phase)}</span> <small>${tries}</small></td>
<td>${phase === 'settled' && why !== '' && html`${code !== undefined && html`<code>${code}</code> `}${foreign(asSentence(why), 1000)}`}</td></tr>`;
}
