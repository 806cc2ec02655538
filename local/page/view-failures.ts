import type { ChangeView, Snapshot } from '../snapshot.ts';
import { html, type Markup } from './html.ts';
import { viewTicket } from './view-changes.ts';

/** What waits for a person: reason, remedy, ZPA's words, and the way back. */
export function viewFailures(snapshot: Snapshot): Markup {
  const failures = snapshot.changes.filter((change) => change.failed);
  if (failures.length === 0) return html`<p class="empty">Nothing failed, or everything was redriven.</p>`;
  return html`<ul class="failures">${failures.map(viewFailure)}</ul>`;
}

function viewFailure(change: ChangeView): Markup {
  const { source, tenant, idempotencyKey } = change.ref;
  const label = `Redrive ${change.action} ${change.group}, ${idempotencyKey}`;
  return html`<li class="failure">
<h3>${change.action} <b>${change.group}</b> <code>${change.code ?? ''}</code></h3>
<p class="where">${viewTicket(change)} <small class="tries">generation ${change.generation}</small></p>
<p class="text">${change.why}</p>
<p class="text remedy"><b>What to do:</b> ${change.remedy}</p>
${change.zpaError !== '' && html`<p class="text zpa"><b>ZPA said:</b> ${change.zpaError}</p>`}
<form method="post" action="/redrive">
<input type="hidden" name="source" value="${source}"><input type="hidden" name="tenant" value="${tenant}">
<input type="hidden" name="key" value="${idempotencyKey}"><input type="hidden" name="generation" value="${change.generation}">
<button aria-label="${label}">Redrive</button></form>
</li>`;
}
