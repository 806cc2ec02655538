import { foreign, type Html, html, time, timeText } from '../../../../shared/domain/html/html.ts';
import type { LaneStanding } from '../../../../shared/domain/notice/lane-standing.ts';
import { detailsSection } from '../../../../shared/domain/story/details-section.ts';
import { effectSection } from '../../../../shared/domain/story/effect-section.ts';
import { placeOnTicket, requestLine, ticketLink } from '../../../../shared/domain/story/headline.ts';
import { requestSection } from '../../../../shared/domain/story/request-section.ts';
import { setSection } from '../../../../shared/domain/story/set-section.ts';
import { stateSection, stateWords } from '../../../../shared/domain/story/state-section.ts';
import { earlierSection } from '../../../../shared/domain/story/timeline-section.ts';
import { type MemberView, type StatusView, viewOf } from '../../../../shared/domain/story/view.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { listingAddress } from '../changes/listing-query.ts';
import type { ConsoleContext } from '../contract.ts';
import { actForm } from '../view/act-form.ts';
import { addressAbout, changeAddress } from '../view/change-address.ts';
import { roleLink } from '../view/role-link.ts';
import { CANCEL } from './cancel-act.ts';
import { type NextStep, nextSteps } from './next-steps.ts';
import type { Story } from './read-story.ts';
import { type Step, stepsOf } from './steps.ts';
import { trailSection } from './trail-section.ts';

/** The page that shows a change as JSON. */
export const CHANGE_JSON = '/change/json';

/** The whole story of a change, from top to bottom: state, next step, steps, effect, set, request, audit trail. */
export function storyView(context: Pick<ConsoleContext, 'whyNot'>, story: Story): Html {
  const { record, set, standing } = story;
  const view = viewOf(record, set);
  return html`<div class="story"><p class="where">${foreign(view.ticket.system)} ${ticketLink(view)} · ${foreign(view.tenant)}${placeOnTicket(view)}</p>
<p class="asks">${requestLine(view)}</p>
<div class="panel">${stateSection(view, stateWords(view), standingLine(standing))}
${nextSection(context, nextSteps(record, standing))}
${cancelForm(context, story)}</div>
<div class="panel">${stepsSection(stepsOf(record, story), view)}</div>
${panel(view.outcome === null ? undefined : detailsSection(view.outcome))}
${panel(effectSection(view))}
${panel(setSection(view, addressesIn(story)))}
${panel(requestSection(view))}
${panel(earlierSection(view))}
${panel(story.trail && trailSection(record, story.trail))}
<p class="links"><a href="${listingAddress({ text: view.ticket.id })}">All changes of this ticket</a> <a href="${addressAbout(CHANGE_JSON, record.ref)}">As JSON</a></p></div>`;
}

const panel = (section: Html | undefined): Html | undefined =>
  section === undefined ? undefined : html`<div class="panel">${section}</div>`;

/** Members of a set may be of several tenants. */
function addressesIn({ set, record }: Story): (member: MemberView) => string {
  const refs = new Map(set?.members.map(({ change, ref }) => [change.changeSet?.index ?? 1, ref]));
  return ({ index }) => changeAddress(refs.get(index) ?? record.ref);
}

function nextSection(context: Pick<ConsoleContext, 'whyNot'>, steps: readonly NextStep[]): Html {
  const items = steps.map(({ who, text, link }) => {
    const reason = who === 'Operator' ? context.whyNot('operator') : undefined;
    const shown = link && html` ${roleLink(context, link.role ?? 'viewer', link.to, link.label)}`;
    return html`<li><b>${who}</b> <span>${foreign(text, 1000)}${shown}${reason !== undefined && html` <small class="reason">${reason}</small>`}</span></li>`;
  });
  return html`<section><h2>Next step</h2><ul class="next">${items}</ul></section>`;
}

/** Says why an open change is held up; '' where it is not. */
function standingLine(standing: LaneStanding | undefined): Html {
  if (standing === undefined || standing.note === '') return html``;
  const lane = standing.state === 'paused' ? '' : `Its lane is ${standing.state}: `;
  return html`<p>${lane}${foreign(asSentence(standing.note), 1000)}</p>`;
}

/** It is offered also after a first request: the lane may have been working on the change then. */
function cancelForm(context: Pick<ConsoleContext, 'whyNot'>, { record }: Story): Html | undefined {
  const { ref, generation, state } = record;
  if (state === 'settled') return undefined;
  return actForm(context, {
    act: CANCEL,
    fields: { source: ref.source, tenant: ref.tenant, key: ref.idempotencyKey, generation },
    label: 'Cancel this change',
    confirm: 'The change ends as cancelled, unless its write to ZPA has begun. Its approval is used up.',
    inputs: html`<label>Reason, for the record and the ticket <input name="reason" required maxlength="500" autocomplete="off"></label>`,
  });
}

function stepsSection(steps: readonly Step[], { requested }: StatusView): Html {
  const { notBefore, notAfter } = requested;
  const utc = (at: string) => timeText(new Date(at).toISOString());
  const window = [notBefore && `not before ${utc(notBefore)}`, notAfter && `not after ${utc(notAfter)}`]
    .filter(Boolean)
    .join(', ');
  const items = steps.map(
    ({ title, at, text, tone = '' }) =>
      html`<li class="${tone}"><b>${title}</b> <span>${at !== undefined && html`${time(new Date(at).toISOString())} `}${text !== undefined && html`<span class="quiet">${foreign(text, 1000)}</span>`}</span></li>\n`,
  );
  return html`<section><h2>Steps</h2>${window !== '' && html`<p class="hint">Time window: ${foreign(window)}.</p>`}<ol class="timeline steps">${items}</ol></section>`;
}
