import { foreign, type Html, html, time } from '../../../../shared/domain/html/html.ts';
import type { RedriveDecision } from '../../../../shared/domain/ledger/redrive-decision.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence, formatCount } from '../../../../shared/domain/text/sentence.ts';
import type { RetryRow } from '../../commands/failures/act-on-failures.ts';
import { lastAt } from '../../output/change-table.ts';
import { describeRequest } from '../../output/describe-request.ts';
import { ADDRESS, type ConsoleContext, READS_ZPA } from '../contract.ts';
import { actForm } from '../view/act-form.ts';
import { addressTo } from '../view/address.ts';
import { spanOf } from '../view/age.ts';
import { changeAddress } from '../view/change-address.ts';
import { remedyOnPage } from '../view/page-words.ts';
import { planView } from '../view/plan-view.ts';
import { rejectionView } from '../view/rejection-view.ts';
import { roleLink } from '../view/role-link.ts';
import { ticketLink } from './failures-view.ts';
import { decisionOf, type FailurePreview, type RetryChoice } from './read-failure.ts';

/** The buttons post to these. */
export const FAILURE_ACTS = {
  retry: { path: '/failure/retry', role: 'operator' },
  dismiss: { path: '/failure/dismiss', role: 'operator' },
} as const;

export const EDIT_ADDRESS = '/failure/edit';

/** The change and generation that an address or form of a failure names. */
export const namedBy = ({ ref: { source, tenant, idempotencyKey: key }, generation }: ChangeRecord) => ({
  source,
  tenant,
  key,
  generation,
});

/** One failure: why it was rejected, what a retry would do now, and what a person can do about it. */
export function failureView(context: ConsoleContext, preview: FailurePreview): Html {
  const { record } = preview;
  return html`${factsOf(record, context.now())}
<section class="panel"><header><h2>Why it was rejected</h2></header>${record.outcome?.kind === 'rejected' && rejectionView(record.outcome)}</section>
<section class="panel"><header><h2>What a retry would do now</h2></header>${decisionText(preview.decision)}
${preview.dependents.length > 0 && dependentsTable(preview.dependents)}${planSection(context, preview)}
<div class="buttons">${preview.choices.map((choice) => retryForm(context, record, choice))}
<a href="${addressTo(EDIT_ADDRESS, namedBy(record))}">Edit and resubmit</a>${dismissForm(context, record)}</div></section>`;
}

/** A page of a failure that somebody has dealt with meanwhile. */
export function handledView(record: ChangeRecord, sentence: string): Html {
  return html`<section class="panel"><p>${foreign(sentence, 500)}</p>
<p><a href="${changeAddress(record.ref)}">The whole story of this change</a> · <a href="${ADDRESS.failures}">All failures</a></p></section>`;
}

export function factsOf(record: ChangeRecord, now: number): Html {
  const { ref, change, ticket, generation } = record;
  const at = lastAt(record);
  return html`<dl class="facts"><dt>Change</dt><dd>${foreign(describeRequest(change), 400)}</dd>
<dt>Tenant</dt><dd>${foreign(ref.tenant)}, from ${foreign(ref.source)}</dd><dt>Ticket</dt><dd>${ticketLink(ticket)}${ticket.requestedBy !== undefined && html`, requested by ${foreign(ticket.requestedBy)}`}</dd>
<dt>Rejected</dt><dd>${spanOf(now - at)} ago, ${time(new Date(at).toISOString())}${generation > 1 && html`, retry ${generation - 1}`}</dd>
<dt>Key</dt><dd><a href="${changeAddress(ref)}"><code>${foreign(ref.idempotencyKey)}</code></a></dd></dl>`;
}

function decisionText(decision: RedriveDecision): Html {
  switch (decision.kind) {
    case 'reopen':
      return html`<p>It is tried again, as the ledger holds it, after the changes that are open now.</p>`;
    case 'supersede':
      return html`<p><span class="badge busy">stale</span> ${foreign(decision.staleness.by)} has since changed ${foreign(decision.staleness.what)}. A retry closes this failure as replaced and writes nothing, unless you retry it anyway.</p>`;
    case 'already':
      return html`<p>It was retried already: it is at retry ${decision.record.generation - 1}.</p>`;
    case 'refused': {
      const { code, sentence, remedy } = decision.refusal;
      return html`<p><span class="badge bad">not possible now</span> <code>${code}</code></p><p>${foreign(asSentence(sentence), 1000)}</p><p class="remedy"><b>What to do:</b> ${foreign(asSentence(remedyOnPage(remedy)), 1000)}</p>`;
    }
  }
}

function dependentsTable(rows: readonly RetryRow[]): Html {
  return html`<h3>${formatCount(rows.length, 'change was', 'changes were')} not attempted because of it</h3>
<table class="list"><thead><tr><th scope="col">Change</th><th scope="col">A retry together with it</th></tr></thead><tbody>${rows.map(
    ({ record, decision }) =>
      html`<tr><td><a href="${addressTo(ADDRESS.failure, namedBy(record))}">${foreign(describeRequest(record.change), 160)}</a></td><td data-label="With it">${effectOf(decision)}</td></tr>`,
  )}</tbody></table>`;
}

function effectOf(decision: RedriveDecision): Html {
  if (decision.kind === 'refused') return html`not retried: ${foreign(asSentence(decision.refusal.sentence), 500)}`;
  if (decision.kind === 'supersede') return html`replaced by ${foreign(decision.staleness.by)}`;
  return html`${decision.kind === 'reopen' ? 'tried again' : 'retried already'}`;
}

function planSection(context: ConsoleContext, { plan, record }: FailurePreview): Html {
  if (plan === undefined) {
    const to = addressTo(ADDRESS.failure, { ...namedBy(record), plan: 1 });
    return html`<p>${roleLink(context, READS_ZPA, to, 'Read ZPA and show what the change would do now', 'takes some seconds')}</p>`;
  }
  if (!('unread' in plan)) return html`<h3>In the tenant as it is now</h3>${planView(record.change, plan)}`;
  const { message, remedy } = plan.unread;
  return html`<p class="warning">The plan could not be read. ${foreign(asSentence(message), 1000)} ${foreign(asSentence(remedyOnPage(remedy)), 500)}</p>`;
}

function retryForm(context: ConsoleContext, record: ChangeRecord, choice: RetryChoice): Html {
  const isReplaced = decisionOf(choice, record).kind === 'supersede';
  const others = choice.withDependents ? ` with ${formatCount(choice.rows.length - 1, 'skipped change')}` : '';
  const label = isReplaced ? 'Close as replaced' : `Retry${choice.acceptStale ? ' anyway' : ''}${others}`;
  const fields = {
    ...namedBy(record),
    acceptStale: String(choice.acceptStale),
    withDependents: String(choice.withDependents),
    shown: choice.mark,
  };
  const confirm = choice.acceptStale && 'A newer change may be undone by this one.';
  return actForm(context, {
    act: FAILURE_ACTS.retry,
    fields,
    label,
    of: record.ref.idempotencyKey,
    ...(confirm && { confirm }),
  });
}

function dismissForm(context: ConsoleContext, record: ChangeRecord): Html {
  const inputs = html`<label>Reason, for the record <input name="reason" required maxlength="500" autocomplete="off"></label>`;
  const confirm = 'It is no longer listed and never applied. This cannot be undone.';
  return actForm(context, {
    ...{ act: FAILURE_ACTS.dismiss, fields: namedBy(record), label: 'Dismiss', of: record.ref.idempotencyKey },
    ...{ confirm, inputs },
  });
}
