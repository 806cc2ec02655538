import { type Html, html } from '../../shared/domain/html/html.ts';
import type { Sample } from '../samples/samples.ts';

/** One row per sample ticket: as it came (a resent delivery), or with keys of its own (a new ticket). */
export function viewSamples(samples: readonly Sample[]): Html {
  return html`<ul class="samples">${samples.map(viewSample)}</ul>`;
}

function viewSample(sample: Sample): Html {
  return html`<li><div><b>${sample.ticket}</b> <small>${sample.source}</small><p class="hint">${sample.title}</p></div>
<form method="post" action="/samples/${sample.name}">
<button name="as" value="new" aria-label="Send as new: ${sample.ticket}">Send as new</button>
<button class="quiet" name="as" value="same" aria-label="Resend ${sample.ticket}, same keys">Resend</button>
</form></li>`;
}
