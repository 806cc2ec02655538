import { differenceWords, nameOf } from '../../../../shared/domain/drift/render/finding-words.ts';
import { foreign, type Html, html } from '../../../../shared/domain/html/html.ts';
import { asSentence, formatCount } from '../../../../shared/domain/text/sentence.ts';
import { changeYaml } from '../../output/change-yaml.ts';
import { ADDRESS, type ConsoleContext } from '../contract.ts';
import { actForm } from '../view/act-form.ts';
import { addressTo } from '../view/address.ts';
import { remedyOnPage } from '../view/page-words.ts';
import { planView } from '../view/plan-view.ts';
import { wordsView } from './finding-parts.ts';
import type { OfferPreview } from './read-offer.ts';
import { DRIFT_ACTS } from './resolve-form.ts';

/** The changes that accept or revert findings, each with its plan and as YAML, and the button that sends them. */
export function previewView(context: ConsoleContext, preview: OfferPreview, kept: string): Html {
  const { offer, planned, refusal } = preview;
  const { lane, ticket, purpose, resolution } = offer;
  const label = `${purpose === 'accept' ? 'Accept' : 'Revert'}: send ${formatCount(planned.length, 'change')}`;
  const source = context.session.target.source;
  return html`<p class="hint">Under ticket <b>${foreign(ticket)}</b>, sent as source <b>${foreign(source)}</b>, whose grants and guards decide. <a href="${addressTo(ADDRESS.drift, { lane })}">Back to the findings</a></p>
${resolution.unresolved.map(({ id, group, reason, remedy }) => html`<p class="warning">${foreign(id)}, ${foreign(group)}: not drafted, because ${foreign(asSentence(reason), 500)} ${foreign(remedy, 500)}</p>`)}
${resolution.notes.map((note) => html`<p class="hint">${foreign(note, 1000)}</p>`)}
${planned.map((one) => changeSection(preview, one))}
${refusal === undefined ? actForm(context, { act: DRIFT_ACTS.send, fields: { lane, preview: kept }, label }) : html`<p class="warning">Nothing can be sent as it is. ${foreign(remedyOnPage(refusal.remedy), 500)}</p>`}`;
}

function changeSection({ findings, names }: OfferPreview, one: OfferPreview['planned'][number]): Html {
  const { change, answers, request, plan } = one;
  const answered = findings.filter(({ id }) => answers.includes(id));
  return html`<section class="panel"><header><h2><code>${foreign(change.idempotencyKey)}</code></h2></header>
<ul>${answered.map((finding) => html`<li><code>${foreign(finding.id)}</code> ${foreign(nameOf(finding.group), 120)}: ${wordsView(differenceWords(finding))}</li>`)}</ul>
${plan === undefined ? html`<p class="hint">It is planned when the changes before it in its set are applied.</p>` : planView(request, plan)}
<details><summary>As YAML</summary><pre>${changeYaml(change, names)}</pre></details></section>`;
}
