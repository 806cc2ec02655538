import { foreign, type Html, html } from '../../shared/domain/html/html.ts';
import { asSentence } from '../../shared/domain/text/sentence.ts';
import type { ChangeView, Snapshot } from '../world/snapshot/snapshot.ts';
import { viewTicket, viewTitle } from './view-changes.ts';

/** More are folded away. */
const SHOWN = 6;

/** Failures that wait for a person: reason, remedy, ZPA's words, and a button to retry. */
export function viewFailures(snapshot: Snapshot): Html {
  const failures = snapshot.changes.filter((change) => change.failed);
  if (failures.length === 0) return html`<p class="empty">No failures.</p>`;
  const rest = failures.slice(SHOWN);
  return html`<ul class="failures">${failures.slice(0, SHOWN).map(viewFailure)}</ul>
${
  rest.length > 0 &&
  html`<details id="more-failures"><summary>${rest.length} more</summary><ul class="failures">${rest.map(viewFailure)}</ul></details>`
}`;
}

function viewFailure(change: ChangeView): Html {
  const { source, tenant, idempotencyKey } = change.ref;
  const label = `Retry ${change.action} ${change.group}, ${idempotencyKey}`;
  return html`<li class="failure">
<h3 class="what">${viewTitle(change)}<code>${change.code ?? ''}</code></h3>
<p class="where">${viewTicket(change)} <small class="tries">${change.generation === 1 ? 'first attempt' : `retry ${change.generation - 1}`}</small></p>
<p class="text">${foreign(asSentence(change.why), 1000)}</p>
<p class="text remedy"><b>What to do:</b> ${foreign(asSentence(change.remedy), 1000)}</p>
${change.zpaError !== '' && html`<p class="text zpa"><b>ZPA error:</b> ${foreign(change.zpaError, 1000)}</p>`}
<form method="post" action="/retry">
<input type="hidden" name="source" value="${source}"><input type="hidden" name="tenant" value="${tenant}">
<input type="hidden" name="key" value="${idempotencyKey}"><input type="hidden" name="generation" value="${change.generation}">
<button aria-label="${label}">Retry</button></form>
</li>`;
}
