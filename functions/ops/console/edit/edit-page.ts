import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { planOne } from '../../commands/plan.ts';
import { describeRecord } from '../../output/describe-request.ts';
import { OpsError, toOpsError } from '../../output/exit-codes.ts';
import type { CommandContext } from '../../session/command.ts';
import type { ConsolePage } from '../contract.ts';
import { EDIT_ADDRESS, handledView } from '../failures/failure-view.ts';
import { findShown, handledBy } from '../failures/read-failure.ts';
import type { Draft, Drafts } from './draft.ts';
import { editView, type ReadDraft } from './edit-view.ts';
import { editableText, readEdited } from './edited-change.ts';
import { type EditOffer, editOffer, ticketForEdit } from './offers-edit.ts';

/** The page on which a rejected change is edited. A draft of its address is shown with its mistakes or its plan. */
export const editPage = (drafts: Drafts): ConsolePage => ({
  path: EDIT_ADDRESS,
  async render(context, query) {
    const { record, generation } = await findShown(context.session, query);
    const title = `Edit: ${visible(describeRecord(record), 120)}`;
    const handled = handledBy(record, generation);
    if (handled !== undefined) return { title, body: handledView(record, handled) };
    const offer = editOffer(context.session);
    const id = query.get('draft');
    const draft = drafts.find(id);
    if (id !== null && draft === undefined)
      context.terminal.warn('That draft is not kept any more. Edit the change again.');
    const read = draft && { ...draft, id: id ?? '', ...(await readDraft(context, record, draft, offer)) };
    const text = draft?.text ?? editableText(record);
    return { title, body: editView(context, { record, source: offer.source, text, draft: read }) };
  },
});

type Judged<T> = T extends unknown ? Omit<T, keyof Draft | 'id'> : never;

/** Reads the faults of a draft, or the effect that it would have now. */
async function readDraft(
  context: CommandContext,
  record: ChangeRecord,
  { text, ticket }: Draft,
  offer: EditOffer,
): Promise<Judged<ReadDraft>> {
  try {
    const edited = readEdited(text, record, ticketForEdit(ticket, record, offer), offer.configured);
    return edited.ok ? { edited, plan: await planOf(context, edited.request, offer) } : { edited };
  } catch (error) {
    if (error instanceof OpsError) return { refused: error };
    throw error;
  }
}

async function planOf(context: CommandContext, request: Parameters<typeof planOne>[2], { source }: EditOffer) {
  context.terminal.progress(`reading ZPA for ${request.idempotencyKey} …`);
  try {
    return await planOne(context, source, request, undefined);
  } catch (error) {
    context.signal.throwIfAborted();
    return { unread: toOpsError(error) };
  }
}
