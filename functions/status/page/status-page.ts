import { effectiveAction } from '../../../shared/domain/change/if-exists.ts';

import { detailsSection } from './details-section.ts';
import { effectSection } from './effect-section.ts';
import { foreign, type Html, html } from './html.ts';
import { htmlPage } from './page.ts';
import { requestSection } from './request-section.ts';
import { stateSection, stateWords } from './state-section.ts';
import { earlierSection, timelineSection } from './timeline-section.ts';
import type { StatusView } from './view.ts';

/** The whole page of one change, readable from top to bottom: what became of it, why, when, what was asked. */
export function statusPage(view: StatusView): string {
  const words = stateWords(view);
  return htmlPage(
    `${view.ticket.id}: ${words.title.toLowerCase()}`,
    html`<header>
<p class="where">${foreign(view.ticket.system)} · ${foreign(view.tenant)}</p>
<h1>${ticketLink(view)}</h1>
<p class="asks">${asks(view)}</p>
</header>
${stateSection(view, words)}
${view.outcome === null ? undefined : detailsSection(view.outcome)}
${effectSection(view)}
${requestSection(view)}
${timelineSection(view)}
${earlierSection(view)}`,
  );
}

/** Only web addresses become links: the escaping alone would not stop another scheme. */
function ticketLink({ ticket }: StatusView): Html {
  if (ticket.url === undefined || !/^https?:\/\//i.test(ticket.url)) return foreign(ticket.id);
  return html`<a href="${ticket.url}" rel="noreferrer noopener">${foreign(ticket.id)}</a>`;
}

const VERBS = { create: 'Create', update: 'Update', delete: 'Delete' };

/** `Update segment group Remote Access`; a group asked for by its id has its name if the outcome tells it. */
function asks({ requested, outcome }: StatusView): Html {
  const { group } = requested;
  const seen = outcome?.effect?.before ?? outcome?.effect?.after;
  const name = 'name' in group ? group.name : seen?.name;
  const named =
    name === undefined ? html`<code>${'id' in group ? group.id : ''}</code>` : html`<b>${foreign(name)}</b>`;
  return html`${VERBS[effectiveAction(requested, outcome?.effect)]} segment group ${named}`;
}
