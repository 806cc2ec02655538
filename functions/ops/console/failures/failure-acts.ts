import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { dismissFailures, type RetryRow, retryFailures } from '../../commands/failures/act-on-failures.ts';
import { userName } from '../../input/user-name.ts';
import { warnUnreadable } from '../../output/unreadable.ts';
import { type ActResult, ADDRESS, type ConsoleAct } from '../contract.ts';
import { addressTo } from '../view/address.ts';
import { changeAddress } from '../view/change-address.ts';
import { requiredField, requiredReason } from '../view/form-fields.ts';
import { remedyOnPage } from '../view/page-words.ts';
import { FAILURE_ACTS, namedBy } from './failure-view.ts';
import { findShown, handledBy, readChoice } from './read-failure.ts';

/** Retries a failure as its page showed it; does nothing if something else would happen now. */
export const retryAct: ConsoleAct = {
  ...FAILURE_ACTS.retry,
  async run(context, form) {
    const { record, generation } = await findShown(context.session, form);
    const to = changeAddress(record.ref);
    const handled = handledBy(record, generation);
    if (handled !== undefined) return { result: 'done', sentence: `${handled} Nothing was done again.`, to };
    const acceptStale = form.get('acceptStale') === 'true';
    const way = { acceptStale, withDependents: form.get('withDependents') === 'true' };
    const take = (one: UnreadableRecord) => warnUnreadable(context.terminal, [one]);
    const choice = await readChoice(context.session, record, way, take);
    if (choice.mark !== requiredField(form, 'shown')) {
      const sentence = 'A retry would do something else now than the page showed. Nothing was done. Look at it again.';
      return { result: 'failed', sentence, to: addressTo(ADDRESS.failure, namedBy(record)) };
    }
    return { ...toldRetry(await retryFailures(context, choice.rows, acceptStale)), to };
  },
};

function toldRetry(rows: readonly RetryRow[]): Omit<ActResult, 'to'> {
  const count = (kind: RetryRow['decision']['kind']) => rows.filter(({ decision }) => decision.kind === kind).length;
  const parts = [
    ...told(count('reopen'), 'retried'),
    ...told(count('supersede'), 'closed as replaced'),
    ...told(count('already'), 'retried before'),
    ...told(count('refused'), 'not retried'),
  ];
  const refused = rows.find(({ decision }) => decision.kind === 'refused')?.decision;
  const why = refused?.kind === 'refused' ? ` ${refused.refusal.sentence} ${remedyOnPage(refused.refusal.remedy)}` : '';
  return { result: why === '' ? 'done' : 'failed', sentence: `${parts.join(', ')}.${why}` };
}

const told = (count: number, what: string) => (count === 0 ? [] : [`${formatCount(count, 'change')} ${what}`]);

/** Dismisses a failure at the generation that its page showed. */
export const dismissAct: ConsoleAct = {
  ...FAILURE_ACTS.dismiss,
  async run(context, form) {
    const { record, generation } = await findShown(context.session, form);
    const handled = handledBy(record, generation);
    if (handled !== undefined)
      return { result: 'failed', sentence: `${handled} Nothing was done.`, to: ADDRESS.failures };
    const decision = { by: userName(), reason: requiredReason(form) };
    const done = await dismissFailures(context, [record], decision);
    const name = record.ref.idempotencyKey;
    return done.length > 0
      ? { result: 'done', sentence: `${name} is dismissed.`, to: ADDRESS.failures }
      : { result: 'failed', sentence: `${name} was handled in the meantime. Nothing was done.`, to: ADDRESS.failures };
  },
};
