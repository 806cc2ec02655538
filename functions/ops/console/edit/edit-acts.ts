import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import { lookup } from '../../../../shared/domain/configuration/lookup.ts';
import { laneName } from '../../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence, formatCount } from '../../../../shared/domain/text/sentence.ts';
import { dismissFailures } from '../../commands/failures/act-on-failures.ts';
import { userName } from '../../input/user-name.ts';
import { EXIT, OpsError, toOpsError } from '../../output/exit-codes.ts';
import type { OpsSession } from '../../session/compose.ts';
import { deliverChanges } from '../../session/deliver.ts';
import { changesConcerned, recordAct } from '../../session/record-act.ts';
import { type ActResult, ADDRESS, type ConsoleAct, type ConsoleContext } from '../contract.ts';
import { EDIT_ADDRESS, namedBy } from '../failures/failure-view.ts';
import { findShown, handledBy } from '../failures/read-failure.ts';
import { addressTo } from '../view/address.ts';
import { optionalField, requiredField } from '../view/form-fields.ts';
import type { Draft, Drafts } from './draft.ts';
import { EDIT_ACTS, roleToSend } from './edit-view.ts';
import { readEdited } from './edited-change.ts';
import { type EditOffer, editOffer, ticketForEdit } from './offers-edit.ts';

/** Keeps what a person wrote, and shows what it would do. It sends nothing. */
export const draftAct = (drafts: Drafts): ConsoleAct => ({
  ...EDIT_ACTS.draft,
  async run(context, form) {
    const { record } = await findShown(context.session, form);
    const draft = { ...draftOf(form), ticket: requiredField(form, 'ticket') };
    const to = addressTo(EDIT_ADDRESS, { ...namedBy(record), draft: drafts.keep(draft) });
    return { ...toldDraft(draft, record, editOffer(context.session)), to };
  },
  failedAt(form) {
    const named = Object.fromEntries(SHOWN.map((name) => [name, optionalField(form, name)]));
    return addressTo(EDIT_ADDRESS, { ...named, draft: drafts.keep(draftOf(form)) });
  },
});

/** The fields by which `namedBy` names a failure. */
const SHOWN = ['source', 'tenant', 'key', 'generation'] as const;

const draftOf = (form: URLSearchParams): Draft => ({
  text: (form.get('text') ?? '').replaceAll('\r\n', '\n'),
  ticket: optionalField(form, 'ticket') ?? '',
});

/** Tells of the mistakes that the page shows below, or that there are none. */
function toldDraft({ text, ticket }: Draft, record: ChangeRecord, offer: EditOffer): Omit<ActResult, 'to'> {
  try {
    const edited = readEdited(text, record, ticketForEdit(ticket, record, offer), offer.configured);
    if (edited.ok) return { result: 'told', sentence: 'Nothing is sent yet. The plan of the edited change is below.' };
    return {
      result: 'failed',
      sentence: `${formatCount(edited.faults.length, 'mistake')} in the text. Nothing was sent.`,
    };
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    return { result: 'failed', sentence: `${asSentence(error.message)} Nothing was sent.` };
  }
}

/**
 * Sends the draft that its page showed, once, as the source that the command line sends as, and then dismisses the failure if
 * that was wanted.
 */
export const resubmitAct = (drafts: Drafts): ConsoleAct => ({
  ...EDIT_ACTS.resubmit,
  async run(context, form) {
    const { session, signal } = context;
    const { record, generation } = await findShown(session, form);
    const draft = drafts.find(requiredField(form, 'draft'));
    if (draft === undefined) throw draftGone();
    const offer = editOffer(session);
    const ticket = ticketForEdit(draft.ticket, record, offer);
    const edited = readEdited(draft.text, { ...record, generation }, ticket, offer.configured);
    if (!edited.ok) throw draftGone();
    const reason = context.whyNot(roleToSend(edited.request));
    if (reason !== undefined) throw new OpsError(EXIT.failed, 'not-allowed', reason, 'See docs/security.md.');
    const { idempotencyKey: key, tenant } = edited.request;
    const to = addressTo(ADDRESS.change, { source: offer.source, tenant, key });
    const handled = handledBy(record, generation);
    const before = await isSent(session, offer.source, edited.request);
    if (!before && handled !== undefined) {
      return {
        result: 'failed',
        sentence: `${handled} Nothing was sent.`,
        to: addressTo(ADDRESS.failure, namedBy(record)),
      };
    }
    if (!before) {
      const tickets = [...new Set([record.ticket.id, ticket])];
      const details = { ...changesConcerned([record]), tickets, edited: key, ticket, by: userName() };
      await recordAct(context, 'failures resubmit', details, () =>
        deliverChanges(session, offer.source, [edited.raw], signal),
      );
    }
    const sent = before
      ? `${key} was sent already. Nothing was sent again.`
      : `The edited change is accepted as ${key}.`;
    // The answer of an earlier press may have been lost, and then the failure waits to be dismissed.
    if (handled !== undefined) return { result: 'done', sentence: sent, to };
    if (form.get('dismiss') !== 'yes') return { result: 'done', sentence: `${sent} The failure is still listed.`, to };
    const { result, sentence } = await dismissEdited(context, record, key);
    return { result, sentence: `${sent} ${sentence}`, to };
  },
});

/** The edited change is accepted by now, so an error must not take the place of the sentence that says so. */
async function dismissEdited(
  context: ConsoleContext,
  record: ChangeRecord,
  edited: string,
): Promise<Omit<ActResult, 'to'>> {
  try {
    const decision = { by: userName(), reason: `resubmitted as ${edited}` };
    const dismissed = await dismissFailures(context, [record], decision);
    const sentence =
      dismissed.length > 0 ? 'The failure is dismissed.' : 'Somebody else has dealt with the failure meanwhile.';
    return { result: 'done', sentence };
  } catch (error) {
    const why = asSentence(toOpsError(error).message);
    const sentence = `It is not known whether the failure is dismissed: ${why} If it is still listed, dismiss it there.`;
    return { result: 'failed', sentence };
  }
}

function draftGone(): OpsError {
  const sentence = 'The edited text is not kept any more. Nothing was sent.';
  return new OpsError(EXIT.failed, 'draft-gone', sentence, 'Open the failure and edit it again.');
}

/** The ledger has the change already: after a second click, or another person with the same edit. */
async function isSent({ ledger, configuration }: OpsSession, source: string, request: ChangeRequest): Promise<boolean> {
  const tenant = lookup(configuration.tenants, request.tenant);
  if (tenant === undefined) return false;
  const { idempotencyKey } = request;
  return (
    (await ledger.readChange({ lane: laneName(tenant), source, tenant: request.tenant, idempotencyKey })) !== undefined
  );
}
