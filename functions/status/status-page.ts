import { effectSection } from './effect-section.ts';
import { foreign, type Html, html, time } from './html.ts';
import { htmlPage } from './page.ts';
import { requestSection } from './request-section.ts';
import type { OutcomeView, StatusView } from './view.ts';

/** The whole page of one change, readable from top to bottom: what became of it, why, when, what was asked. */
export function statusPage(view: StatusView): string {
  const words = stateWords(view);
  const title = `${view.ticket.id}: ${words.title.toLowerCase()}`;
  return htmlPage(
    title,
    html`<header>
<p>${foreign(view.ticket.system)} · ${foreign(view.tenant)}</p>
<h1>${ticketLink(view)}</h1>
</header>
${stateSection(view, words)}
${outcomeEffect(view.outcome)}
${timelineSection(view)}
${requestSection(view)}
${earlierSection(view.earlier)}`,
  );
}

function outcomeEffect(outcome: OutcomeView | null): Html | undefined {
  if (outcome?.effect === undefined) return undefined;
  return effectSection({ effect: outcome.effect, reach: outcome.reach, overtaken: outcome.overtaken });
}

type Words = { tone: '' | 'good' | 'bad'; title: string; says: string };

const OUTCOMES: Record<OutcomeView['kind'], Words> = {
  applied: { tone: 'good', title: 'Applied', says: 'ZPA holds what the change asked for.' },
  unchanged: { tone: 'good', title: 'Nothing to change', says: 'ZPA held what the change asks for already.' },
  rejected: { tone: 'bad', title: 'Rejected', says: 'Nothing of it was carried out unless said so below.' },
  cancelled: { tone: 'bad', title: 'Cancelled', says: 'It was taken back before it was carried out.' },
  superseded: { tone: 'bad', title: 'Superseded', says: 'A newer change took its place.' },
};

const STATES: Record<StatusView['state'], Words> = {
  accepted: { tone: '', title: 'Received', says: 'It is recorded and about to be queued.' },
  queued: { tone: '', title: 'Waiting for its turn', says: 'Changes of one tenant are carried out in order.' },
  scheduled: { tone: '', title: 'Scheduled', says: 'It waits for its time window.' },
  parked: { tone: '', title: 'On hold', says: 'Somebody has put it on hold.' },
  settled: { tone: '', title: 'Done', says: 'It is done.' },
};

function stateWords(view: StatusView): Words {
  return view.outcome === null ? STATES[view.state] : OUTCOMES[view.outcome.kind];
}

/** Only web addresses become links: the escaping alone would not stop another scheme. */
function ticketLink({ ticket }: StatusView): Html {
  if (ticket.url === undefined || !/^https?:\/\//i.test(ticket.url)) return foreign(ticket.id);
  return html`<a href="${ticket.url}" rel="noreferrer noopener">${foreign(ticket.id)}</a>`;
}

function stateSection(view: StatusView, words: Words): Html {
  const { outcome } = view;
  const reload = outcome === null ? html`<p class="quiet">Load this page again to see how it goes on.</p>` : undefined;
  const why =
    outcome?.sentence === undefined
      ? html`<p>${outcome?.reason === undefined ? words.says : foreign(outcome.reason)}</p>`
      : rejection(outcome);
  return html`<section class="state ${words.tone}" aria-label="State"><strong>${words.title}</strong>${why}${reload}</section>`;
}

function rejection(outcome: OutcomeView): Html {
  return html`<p>${foreign(outcome.sentence ?? '')}</p>
<p><b>What to do:</b> ${foreign(outcome.remedy ?? '')}</p>
<dl><dt>Code</dt><dd><code>${outcome.code}</code></dd>
${outcome.path === undefined ? undefined : row('Field', html`<code>${outcome.path}</code>`)}
${zpaError(outcome)}
${Object.entries(outcome.details ?? {}).map(([name, value]) => row(name, foreign(plain(value))))}</dl>`;
}

function zpaError({ zpaError }: OutcomeView): Html | undefined {
  if (zpaError === undefined) return undefined;
  const parts = [zpaError.status, zpaError.zpaId, zpaError.reason].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : row('ZPA says', foreign(parts.join(' · ')));
}

const row = (name: string, value: Html) => html`<dt>${foreign(name)}</dt><dd>${value}</dd>\n`;

/** A detail as text; lists and objects as JSON. */
function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? '');
}

const EVENTS = { received: 'Received', queued: 'Queued', settled: 'Settled', discarded: 'Put aside' };

function timelineSection(view: StatusView): Html {
  const attempts = view.attempts === 1 ? 'taken up once' : `taken up ${view.attempts} times`;
  const events = view.timeline.map(({ event, at }) => {
    const counted = event === 'settled' ? html` <span class="quiet">(${attempts})</span>` : undefined;
    return html`<li>${EVENTS[event]} ${time(at)}${counted}</li>\n`;
  });
  const working = view.outcome === null && view.attempts > 0 ? html`<li>So far ${attempts}</li>` : undefined;
  return html`<section><h2>Timeline</h2><ol>${events}${working}</ol></section>`;
}

function earlierSection(earlier: readonly OutcomeView[]): Html | undefined {
  if (earlier.length === 0) return undefined;
  const rows = earlier.map((one) => {
    const why = one.sentence ?? one.reason;
    return html`<li>${time(one.at)}: ${OUTCOMES[one.kind].title}${why === undefined ? undefined : html`, ${foreign(why)}`}</li>\n`;
  });
  return html`<section><h2>Earlier tries</h2><ol>${rows}</ol></section>`;
}
