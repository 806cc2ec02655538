import { effectiveAction } from '../../../shared/domain/change/if-exists.ts';
import { type Html, html, untrusted } from '../../../shared/domain/html/html.ts';
import { detailsSection } from './details-section.ts';
import { effectSection } from './effect-section.ts';
import { htmlPage } from './page.ts';
import { requestSection } from './request-section.ts';
import { setSection } from './set-section.ts';
import { stateSection, stateWords } from './state-section.ts';
import { earlierSection, timelineSection } from './timeline-section.ts';
import type { StatusView } from './view.ts';

/** The page of one change, from top to bottom: state, reason, effect, the ticket's other changes, request, timeline. */
export function statusPage(view: StatusView): string {
  const words = stateWords(view);
  return htmlPage(
    `${view.ticket.id}: ${words.title.toLowerCase()}`,
    html`<header>
<p class="where">${untrusted(view.ticket.system)} · ${untrusted(view.tenant)}${placeOnTicket(view)}</p>
<h1>${ticketLink(view)}</h1>
<p class="asks">${requestLine(view)}</p>
</header>
${stateSection(view, words)}
${view.outcome === null ? undefined : detailsSection(view.outcome)}
${effectSection(view)}
${setSection(view)}
${requestSection(view)}
${timelineSection(view)}
${earlierSection(view)}`,
  );
}

/** `· 3 of 5 on this ticket` */
const placeOnTicket = ({ set }: StatusView): Html | undefined =>
  set === undefined ? undefined : html` · ${set.index} of ${set.size} on this ticket`;

/** Only web addresses become links, because escaping alone would not stop another scheme. */
function ticketLink({ ticket }: StatusView): Html {
  if (ticket.url === undefined || !/^https?:\/\//i.test(ticket.url)) return untrusted(ticket.id);
  return html`<a href="${ticket.url}" rel="noreferrer noopener">${untrusted(ticket.id)}</a>`;
}

const VERBS = { create: 'Create', update: 'Update', delete: 'Delete', accept: 'Accept' };

/** `Update segment group Remote Access`; a group requested by its id has its name if the outcome has it. */
function requestLine({ requested, outcome }: StatusView): Html {
  const { group } = requested;
  const read = outcome?.effect?.before ?? outcome?.effect?.after;
  const name = 'name' in group ? group.name : read?.name;
  const named =
    name === undefined ? html`<code>${'id' in group ? group.id : ''}</code>` : html`<b>${untrusted(name)}</b>`;
  return html`${VERBS[effectiveAction(requested, outcome?.effect)]} segment group ${named}`;
}
