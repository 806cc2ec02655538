import { cancelAsOperator } from '../../changes/cancel-as-operator.ts';
import { userName } from '../../input/user-name.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { ConsoleAct } from '../contract.ts';
import { changeAddress } from '../view/change-address.ts';
import { requiredReason } from '../view/form-fields.ts';
import { findShown } from './read-story.ts';

export const CANCEL = { path: '/change/cancel', role: 'operator' } as const;

/** Cancels an open change of any source, with the reason that the person gives. */
export const cancelAct: ConsoleAct = {
  ...CANCEL,
  async run(context, form) {
    const reason = requiredReason(form);
    const record = await findShown(context, form);
    // A page may be found by the beginning of a key; what is cancelled is named by all of it.
    if (record.ref.idempotencyKey !== form.get('key')?.trim()) {
      const sentence = `${record.ref.idempotencyKey} is not the change that this page showed. Nothing was done.`;
      throw new OpsError(EXIT.notFound, 'change-not-found', sentence, 'Open the change from the list of changes.');
    }
    if (String(record.generation) !== form.get('generation')) {
      const sentence = 'The change was retried since this page was shown. Nothing was done.';
      throw new OpsError(EXIT.failed, 'changed-since', sentence, 'Read it again, and decide again.');
    }
    const { result, sentence } = await cancelAsOperator(context, record, { by: userName(), reason });
    return { result: result === 'cancelled' ? 'done' : 'failed', sentence, to: changeAddress(record.ref) };
  },
};
