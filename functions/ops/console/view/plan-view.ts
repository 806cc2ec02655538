import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import type { Decision } from '../../../../shared/domain/decide/decision.ts';
import { foreign, type Html, html, untrusted } from '../../../../shared/domain/html/html.ts';
import { markedDifference } from '../../../../shared/domain/html/marked-difference.ts';
import { reachLines } from '../../../../shared/domain/outcome/reach-text.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import type { PlannedForSource } from '../../../../shared/reading/plan-for-source.ts';
import { describePlanned, namesOf, standingOf } from '../../output/describe-planned.ts';
import { EMPTY } from './empty.ts';

/** Ids that are listed; the others are counted. */
const MAX_IDS = 50;
const MAX_RULES = 20;

/** Shows the effect that a change would have on the tenant now, or why it would be rejected. */
export function planView(change: ChangeRequest, planned: PlannedForSource): Html {
  const { decision } = planned;
  return html`<div class="plan" data-plan="${decision.kind}"><p><b>${foreign(describePlanned(change, planned), 400)}</b> in ${foreign(change.tenant)}</p>
${decisionView(change, decision, namesOf(planned))}${standingView(change, planned)}</div>`;
}

function decisionView(change: ChangeRequest, decision: Decision, names: ReadonlyMap<string, string>): Html {
  if (decision.kind === 'rejected') {
    return html`<p><span class="badge bad">would be rejected</span> <code>${decision.code}</code></p>
<p>${foreign(asSentence(decision.sentence), 1000)}</p>
<p class="remedy"><b>What to do:</b> ${foreign(asSentence(decision.remedy), 1000)}</p>`;
  }
  if (decision.kind === 'unchanged') {
    return change.action === 'accept'
      ? html`<p><span class="badge good">would be recorded as approved</span> Nothing would be written to ZPA.</p>`
      : html`<p><span class="badge">no change needed</span> ZPA already matches the request.</p>`;
  }
  const { effect, reach } = decision;
  const lines = reachLines(reach, MAX_RULES);
  return html`<p><span class="badge good">would be applied</span></p>${fieldTable(effect)}
${idList('Application segments added', effect.added, names)}${idList('Application segments removed', effect.removed, names)}
${lines.length > 0 && html`<p class="hint">${lines.map((line) => html`${foreign(line, 1000)}<br>`)}</p>`}`;
}

function standingView(change: ChangeRequest, planned: PlannedForSource): Html {
  const [{ there, absent }, names] = [standingOf(change, planned), namesOf(planned)];
  return html`${idList('Application segments already there', there, names)}${idList('Application segments already absent', absent, names)}`;
}

type Effect = Extract<Decision, { kind: 'write' }>['effect'];
const FIELDS = ['name', 'description', 'enabled'] as const;

function fieldTable({ before, after }: Effect): Html | false {
  const rows = FIELDS.filter((field) => before?.[field] !== after?.[field]).map((field) => {
    const [was, is] = [before, after].map((group) => (group === null ? undefined : String(group[field])));
    const marked = markedDifference(was ?? '', is ?? '');
    return html`<tr><th scope="row">${field}</th><td data-label="Before">${was === '' ? EMPTY : marked.was}</td><td data-label="After">${is === '' ? EMPTY : marked.is}</td></tr>`;
  });
  return (
    rows.length > 0 &&
    html`<table class="list"><thead><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>${rows}</tbody></table>`
  );
}

function idList(title: string, ids: readonly string[], names: ReadonlyMap<string, string>): Html | false {
  if (ids.length === 0) return false;
  const more = ids.length - MAX_IDS;
  const shown = ids.slice(0, MAX_IDS).map((id) => {
    const name = names.get(id);
    return html`<li>${name === undefined ? undefined : untrusted(name)} <code>${foreign(id)}</code></li>`;
  });
  return html`<h3>${title} <small>${ids.length}</small></h3><ul>${shown}${more > 0 && html`<li>${more} more</li>`}</ul>`;
}
