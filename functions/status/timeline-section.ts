import { asSentence } from '../../shared/domain/sentence.ts';
import { foreign, type Html, html, time } from './html.ts';
import { OUTCOMES, takenUp } from './state-section.ts';
import type { OutcomeView, StatusView } from './view.ts';

/** When what happened, in UTC. */
export function timelineSection({ timeline, outcome, attempts, generation }: StatusView): Html {
  const again = generation > 1 ? 'Sent again' : 'Received';
  const ended = outcome === null || outcome.kind === 'unchanged' ? 'Done' : OUTCOMES[outcome.kind].title;
  const titles = { received: again, queued: 'Queued', settled: ended, discarded: 'Put aside' };
  const events = timeline.map(({ event, at }) => {
    const counted =
      event === 'settled' && attempts > 0 ? html` <span class="quiet">${takenUp(attempts)}</span>` : undefined;
    return html`<dt>${titles[event]}</dt><dd>${time(at)}${counted}</dd>\n`;
  });
  return html`<section><h2>Timeline</h2><dl>${events}</dl></section>`;
}

/** What became of it before it was sent again. */
export function earlierSection({ earlier }: StatusView): Html | undefined {
  if (earlier.length === 0) return undefined;
  const rows = earlier.map((one) => html`<dt>${OUTCOMES[one.kind].title}</dt><dd>${time(one.at)}${why(one)}</dd>\n`);
  return html`<section><h2>Earlier tries</h2><dl>${rows}</dl></section>`;
}

function why({ sentence, reason }: OutcomeView): Html | undefined {
  const said = sentence ?? reason;
  return said === undefined ? undefined : html`<br>${foreign(asSentence(said))}`;
}
