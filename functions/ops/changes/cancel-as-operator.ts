import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { cancelChange, sentenceOf } from '../../../shared/ledger/cancel-change.ts';
import { finishOutbox } from '../../../shared/ledger/outbox.ts';
import type { CommandContext } from '../session/command.ts';
import type { CancelResult } from '../session/deliver.ts';
import { changesConcerned, recordAct } from '../session/record-act.ts';

type Decision = { by: string; reason: string };

/**
 * Cancels the change as it was shown, and no retry of it, in the ledger with the operator's own AWS rights, publishes the outcome
 * at once, and records the act.
 */
export function cancelAsOperator(
  context: CommandContext,
  record: ChangeRecord,
  decision: Decision,
): Promise<CancelResult> {
  const { by, reason } = decision;
  return recordAct(
    context,
    'cancel',
    { ...changesConcerned([record]), by, reason },
    async () => {
      const { generation } = record;
      const cancellation = await cancelChange(context.session, record.ref, {
        by: `${by} (operator)`,
        reason,
        generation,
      });
      if (cancellation.kind === 'cancelled') await finishOutbox(context.session, cancellation.record);
      return { result: cancellation.kind, sentence: sentenceOf(cancellation) };
    },
    ({ result }) => (result === 'cancelled' ? undefined : result),
  );
}
