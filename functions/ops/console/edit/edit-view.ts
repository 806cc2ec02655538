import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import { foreign, type Html, html } from '../../../../shared/domain/html/html.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import type { PlannedForSource } from '../../../../shared/reading/plan-for-source.ts';
import type { OpsError } from '../../output/exit-codes.ts';
import { ADDRESS, type ConsoleAct, type ConsoleContext } from '../contract.ts';
import { factsOf, namedBy } from '../failures/failure-view.ts';
import { actForm } from '../view/act-form.ts';
import { addressTo } from '../view/address.ts';
import { errorBody } from '../view/error-body.ts';
import { planView } from '../view/plan-view.ts';
import type { Draft } from './draft.ts';
import type { EditedChange, EditFault } from './edited-change.ts';

export const EDIT_ACTS = {
  draft: { path: '/failure/draft', role: 'operator' },
  resubmit: { path: '/failure/resubmit', role: 'operator' },
} as const;

/** The role that sends an edited change: to accept drift is a steward's, however the change came about. */
export const roleToSend = ({ action }: ChangeRequest): ConsoleAct['role'] =>
  action === 'accept' ? 'steward' : EDIT_ACTS.resubmit.role;

/** A draft with the effect that it would have; `refused`: why it cannot be sent under its ticket. */
export type ReadDraft = Draft & { id: string } & (
    | { refused: OpsError }
    | { edited: Extract<EditedChange, { ok: false }> }
    | { edited: Extract<EditedChange, { ok: true }>; plan: PlannedForSource | { unread: OpsError } }
  );

type Shown = { record: ChangeRecord; source: string; text: string; draft: ReadDraft | undefined };

/** The change in a field, and below it the mistakes or the plan of what is in the field. */
export function editView(context: ConsoleContext, { record, source, text, draft }: Shown): Html {
  const reason = context.whyNot(EDIT_ACTS.draft.role);
  const fields = Object.entries(namedBy(record));
  return html`${factsOf(record, context.now())}
<section class="panel"><header><h2>Edit and resubmit</h2>
<p class="hint">An edited change is another change than the one that was approved. It is sent as source <b>${foreign(source)}</b>, whose grants and guards decide, with no approval of the old one, under a key of its own. <a href="${addressTo(ADDRESS.failure, namedBy(record))}">Back to the failure</a></p></header>
<form class="edit" method="post" action="${EDIT_ACTS.draft.path}" data-key="edit">${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label>Change, as YAML<textarea name="text" rows="${Math.min(30, Math.max(12, text.split('\n').length + 1))}" spellcheck="false" required>
${text}</textarea></label>
<label>Ticket that approves the edited change <input name="ticket" value="${draft?.ticket ?? ''}" required maxlength="100" placeholder="CHG0031400"></label>
<p>${reason === undefined ? html`<button>Check and show the plan</button> <small>Nothing is sent yet.</small>` : html`<button disabled>Check and show the plan</button> <small class="reason">${reason}</small>`}</p></form></section>
${draft !== undefined && draftSection(context, record, draft)}`;
}

function draftSection(context: ConsoleContext, record: ChangeRecord, draft: ReadDraft): Html {
  if ('refused' in draft) return errorBody(draft.refused);
  if (!('plan' in draft)) return faultList(draft.edited.faults);
  const { plan, edited, id } = draft;
  if ('unread' in plan) return errorBody(plan.unread);
  const fields = { ...namedBy(record), draft: id };
  const inputs = html`<label class="check"><span><input type="checkbox" name="dismiss" value="yes" checked> Dismiss the failure once the edited change is accepted</span></label>`;
  const label = 'Submit the edited change';
  const act = { ...EDIT_ACTS.resubmit, role: roleToSend(edited.request) };
  const rejected = plan.decision.kind === 'rejected';
  return html`<section class="panel" id="plan"><header><h2>What the edited change would do now</h2></header>${planView(edited.request, plan)}
<p class="hint">Key <code>${foreign(edited.request.idempotencyKey)}</code></p>
${rejected ? html`<p>It is not sent as it is. Correct it above.</p>` : actForm(context, { act, fields, label, inputs })}</section>`;
}

function faultList(faults: readonly EditFault[]): Html {
  return html`<section class="panel error" role="alert"><h2>${faults.length === 1 ? 'A mistake' : `${faults.length} mistakes`} in the text</h2><ol>${faults.map(
    ({ line, column, sentence, remedy }) =>
      html`<li><b>Line ${line}, column ${column}:</b> ${foreign(asSentence(sentence), 1000)} <span class="remedy">${foreign(asSentence(remedy), 500)}</span></li>`,
  )}</ol></section>`;
}
