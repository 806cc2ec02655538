import { foreign, type Html, html, time } from '../../../../shared/domain/html/html.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence, formatCount } from '../../../../shared/domain/text/sentence.ts';
import { ADDRESS } from '../contract.ts';
import { addressAbout } from '../view/change-address.ts';
import type { Trail, TrailActs, TrailOutcome } from './read-trail.ts';

/** The audit trail's part about a change: a line for each outcome, and the acts of people about its ticket. */
export function trailSection({ ref, ticket }: ChangeRecord, trail: Trail): Html {
  if (!trail.readable) {
    return html`<section><h2>Audit trail</h2><p class="hint">Not readable: ${foreign(asSentence(trail.why), 1000)}</p></section>`;
  }
  const { outcomes, acts } = trail;
  const ask = html`<p><a href="${addressAbout(ADDRESS.change, ref, { acts: 1 })}">Read the acts of people about this ticket</a></p>`;
  return html`<section><h2>Audit trail</h2><ul class="trail">${outcomes.map(outcomeItem)}</ul>
${acts === undefined ? ask : actList(acts)}
<p class="hint">All of it: <code>zpa-changes audit show ${foreign(ticket.id, 100)}</code></p></section>`;
}

const STATES: Record<TrailOutcome['state'], string> = {
  written: 'is written',
  missing: 'is not written yet',
  unreadable: 'cannot be read',
};

const outcomeItem = ({ generation, key, state }: TrailOutcome): Html =>
  html`<li>The line of ${generation === 1 ? 'the outcome' : `the outcome of retry ${generation - 1}`} ${STATES[state]}. <code class="id">${foreign(key, 1100)}</code></li>`;

function actList({ lines, unreadable }: TrailActs): Html {
  const unread =
    unreadable > 0 &&
    html`<p class="warning">${formatCount(unreadable, 'line')} of these days cannot be read, and may be about this ticket: <code>zpa-changes audit verify</code>.</p>`;
  if (lines.length === 0)
    return html`<p>Nobody acted on this ticket by the command line or the console${unreadable > 0 && ', as far as can be read'}.</p>${unread}`;
  const items = lines.map(
    ({ at, act, phase, principal, result, error }) =>
      html`<li><b>${foreign(act, 100)} ${phase === 'begun' ? 'begun' : (result ?? phase)}</b> <span>${time(at)} <span class="quiet">by ${foreign(principal)}${error !== undefined && html`, ${foreign(error)}`}</span></span></li>`,
  );
  return html`<ol class="timeline">${items}</ol>${unread}`;
}
