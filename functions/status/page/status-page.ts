import { html, untrusted } from '../../../shared/domain/html/html.ts';
import { detailsSection } from '../../../shared/domain/story/details-section.ts';
import { effectSection } from '../../../shared/domain/story/effect-section.ts';
import { placeOnTicket, requestLine, ticketLink } from '../../../shared/domain/story/headline.ts';
import { requestSection } from '../../../shared/domain/story/request-section.ts';
import { setSection } from '../../../shared/domain/story/set-section.ts';
import { stateSection, stateWords } from '../../../shared/domain/story/state-section.ts';
import { earlierSection, timelineSection } from '../../../shared/domain/story/timeline-section.ts';
import type { StatusView } from '../../../shared/domain/story/view.ts';
import { htmlPage } from './page.ts';

/** The page runs no script, so that a link reloads it while the change is open. */
const REFRESH = html`<p class="again"><a href="">Refresh</a></p>`;

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
${stateSection(view, words, REFRESH)}
${view.outcome === null ? undefined : detailsSection(view.outcome)}
${effectSection(view)}
${setSection(view, ({ index }) => `?change=${index}`)}
${requestSection(view)}
${timelineSection(view)}
${earlierSection(view)}`,
  );
}
