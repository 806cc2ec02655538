import { type Html, html } from '../../shared/domain/html/html.ts';

/** The buttons that make drift and report it. `samples`: whether there are groups of sample tickets to edit. */
export function viewDrift({ samples }: { samples: boolean }): Html {
  return html`<div class="buttons">
${samples && html`<form method="post" action="/drift/edit"><button class="quiet">Edit behind its back</button></form>`}
<form method="post" action="/drift/run"><button>Run drift</button></form></div>`;
}
