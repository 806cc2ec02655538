import { type Html, html, time, untrusted } from '../html/html.ts';
import { asSentence } from '../text/sentence.ts';
import { OUTCOMES } from './state-section.ts';
import type { OutcomeView, StatusView } from './view.ts';

/** The events of a change with their times in UTC. */
export function timelineSection({ timeline, outcome, attempts, generation }: StatusView): Html {
  const ended = outcome === null || outcome.kind === 'unchanged' ? 'Done' : OUTCOMES[outcome.kind].title;
  const titles = {
    ...{
      approved: 'Approved',
      received: 'Received',
      retried: `Retry ${generation - 1}`,
      released: 'Released',
      queued: 'Queued',
    },
    ...{ 'asked-back': 'Cancellation requested', settled: ended, discarded: 'Dismissed' },
  };
  const items = timeline.map((one) => {
    if (one.event === 'attempt') return attemptItem(one.number, attempts, outcome);
    const by = one.event === 'approved' ? html` <span class="quiet">by ${untrusted(one.by)}</span>` : undefined;
    return html`<li><b>${titles[one.event]}</b> <span>${time(one.at)}${by}</span></li>\n`;
  });
  return html`<section><h2>Timeline</h2><ol class="timeline">${items}</ol></section>`;
}

/** Only the last attempt of a settled change reached an outcome; the others met an error and were repeated. */
function attemptItem(number: number, attempts: number, outcome: OutcomeView | null): Html {
  const ended = outcome !== null && number === attempts;
  const again = outcome === null && number === attempts ? ', will be repeated' : '';
  const says = ended ? 'completed' : `failed${again}`;
  return html`<li><b>Attempt ${number}</b> <span class="quiet">${says}</span></li>\n`;
}

/** The outcomes of earlier generations. */
export function earlierSection({ earlier }: StatusView): Html | undefined {
  if (earlier.length === 0) return undefined;
  const rows = earlier.map(
    (one) => html`<dt>${OUTCOMES[one.kind].title}</dt><dd>${time(one.at)}${reasonOf(one)}</dd>\n`,
  );
  return html`<section><h2>Earlier attempts</h2><dl>${rows}</dl></section>`;
}

function reasonOf({ sentence, reason }: OutcomeView): Html | undefined {
  const text = sentence ?? reason;
  return text === undefined ? undefined : html`<br>${untrusted(asSentence(text))}`;
}
