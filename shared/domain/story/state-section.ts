import { type Html, html, time, untrusted } from '../html/html.ts';
import { isForOperators } from '../outcome/requester-step.ts';
import { asSentence, formatCount } from '../text/sentence.ts';
import type { OutcomeView, StatusView } from './view.ts';

/** The texts of one state. */
export type StateText = { tone: '' | 'good' | 'bad'; title: string; says: string };

export const OUTCOMES: Record<OutcomeView['kind'], StateText> = {
  applied: { tone: 'good', title: 'Live', says: 'The change is live in ZPA.' },
  unchanged: { tone: 'good', title: 'Live already', says: 'ZPA was as requested before the change.' },
  rejected: { tone: 'bad', title: 'Rejected', says: 'Nothing was changed in ZPA unless stated below.' },
  cancelled: { tone: '', title: 'Cancelled', says: 'It was cancelled before it was applied.' },
  superseded: { tone: '', title: 'Replaced', says: 'A newer change replaced it.' },
};

const ACCEPTED: StateText = {
  tone: 'good',
  title: 'Recorded as approved',
  says: 'ZPA holds what the ticket states. Nothing was written.',
};

const STATES: Record<StatusView['state'], StateText> = {
  accepted: { tone: '', title: 'Received', says: 'The change is recorded and will be queued.' },
  queued: { tone: '', title: 'Waiting for its turn', says: 'Changes of one tenant are applied in order.' },
  scheduled: { tone: '', title: 'Scheduled', says: 'The change waits for its time window.' },
  settled: { tone: '', title: 'Done', says: 'The change is complete.' },
};

/** The texts for the present state of a change. */
export function stateWords({ outcome, state, requested }: StatusView): StateText {
  if (outcome === null) return STATES[state];
  const words = OUTCOMES[outcome.kind];
  if (outcome.kind === 'unchanged' && requested.action === 'accept') return ACCEPTED;
  const deleted = outcome.kind === 'applied' && requested.action === 'delete';
  return deleted ? { ...words, says: 'ZPA no longer has the segment group.' } : words;
}

/** The state of the change, its reason and the remedy; the first section of the page. `more`: shown while the change is open. */
export function stateSection(view: StatusView, words: StateText, more: Html): Html {
  const { outcome } = view;
  return html`<section class="state ${words.tone}" aria-labelledby="state"><h2 id="state">${words.title}</h2>
${outcome?.sentence === undefined ? html`<p>${explanation(outcome, words)}</p>` : rejection(outcome)}
${outcome === null ? html`${waiting(view)}${more}` : undefined}</section>`;
}

function explanation(outcome: OutcomeView | null, words: StateText): Html {
  if (outcome?.reason === undefined) return html`${words.says}`;
  // The reason of a change that was replaced may name the newer one itself.
  const isNamed = outcome.kind === 'superseded' && outcome.reason.includes(outcome.by ?? '');
  const by =
    outcome.by === undefined || isNamed ? undefined : html` <span class="quiet">By ${untrusted(outcome.by)}.</span>`;
  return html`${untrusted(asSentence(outcome.reason))}${by}`;
}

/** The next step of the person who asked, then that of an operator if there is one. */
function rejection({ sentence = '', remedy = '', nextStep = remedy, code, path }: OutcomeView): Html {
  const team = isForOperators(remedy)
    ? html`\n<p class="quiet">For the ZPA team: ${untrusted(asSentence(remedy))}</p>`
    : undefined;
  const field = path === undefined ? undefined : html` · Field <code>${untrusted(path)}</code>`;
  return html`<p>${untrusted(asSentence(sentence))}</p>
<p class="todo"><b>What to do</b> ${untrusted(asSentence(nextStep))}</p>${team}
<p class="codes">Code <code>${code}</code>${field}</p>`;
}

/** The window and the number of attempts. */
function waiting({ requested, attempts, scheduledFor }: StatusView): Html {
  const { notBefore, notAfter } = requested;
  const due = scheduledFor === undefined ? undefined : html`<p>Scheduled for <b>${time(scheduledFor)}</b>.</p>`;
  const from = notBefore === undefined ? undefined : html`<p>Not before ${time(instant(notBefore))}.</p>`;
  const until = notAfter === undefined ? undefined : html`<p>Not after ${time(instant(notAfter))}.</p>`;
  const tries = attempts === 0 ? undefined : html`<p>${formatCount(attempts, 'attempt')} so far.</p>`;
  return html`${due}${from}${until}${tries}`;
}

const instant = (text: string) => new Date(text).toISOString();
