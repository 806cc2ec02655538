import type { RedriveDecision } from '../../../../shared/domain/ledger/redrive-decision.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { previewRedrives } from '../../../../shared/ledger/preview-redrive.ts';
import { discardChange, findDependents, redriveChange } from '../../../../shared/ledger/redrive-change.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { OpsError, toOpsError } from '../../output/exit-codes.ts';
import type { CommandContext } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import { changesConcerned, recordAct } from '../../session/record-act.ts';
import { drainFailures } from './show-failures.ts';

/** A failure, and what a retry would do with it now, or has done. */
export type RetryRow = { record: ChangeRecord; decision: RedriveDecision };

export type RetryOptions = { acceptStale: boolean; withDependents: boolean };

/** Previews a retry of these as it would be now, in its order. `onUnreadable` hears of dependents that cannot be read. */
export async function previewRetry(
  session: OpsSession,
  selected: readonly ChangeRecord[],
  { acceptStale, withDependents }: RetryOptions,
  onUnreadable?: (one: UnreadableRecord) => void,
): Promise<RetryRow[]> {
  const chosen = withDependents ? await findDependents(session.ledger, selected, onUnreadable) : selected;
  return previewRedrives(session, chosen, { acceptStale });
}

/** True if a retry does something with it. */
export const isReady = ({ decision }: RetryRow) => decision.kind === 'reopen' || decision.kind === 'supersede';

/**
 * Retries what the preview shows as ready, one by one, each only at the generation that it showed. Answers all rows, with what
 * was done (docs/architecture.md#redrive).
 */
export async function retryFailures(
  context: CommandContext,
  preview: readonly RetryRow[],
  acceptStale: boolean,
): Promise<RetryRow[]> {
  const { session, terminal } = context;
  const ready = preview.filter(isReady).map(({ record }) => record);
  const rest = preview.filter((row) => !isReady(row));
  const retried: RetryRow[] = [];
  const run = () =>
    inTurn(context, ready, 'retried', async (record) => {
      terminal.progress(`retrying ${record.ref.idempotencyKey} …`);
      retried.push({ record, decision: await redriveChange(session, record.ref, record.generation, { acceptStale }) });
    });
  const details = { ...changesConcerned(ready), acceptStale };
  try {
    await recordAct(context, 'failures redrive', details, run, () => firstRefusal(retried));
  } finally {
    // Nothing else takes them off the queue of failures, whose alarm would stay on.
    const settled = [...rest, ...retried]
      .filter(({ decision }) => decision.kind !== 'refused')
      .map(({ record }) => record);
    await drainFailures(session, terminal, settled);
  }
  return [...rest, ...retried];
}

/** Acts on one record after the other until a person interrupts it. An error says how many were done before it. */
async function inTurn(
  { signal }: CommandContext,
  records: readonly ChangeRecord[],
  what: string,
  act: (record: ChangeRecord) => Promise<void>,
): Promise<void> {
  for (const [done, record] of records.entries()) {
    signal.throwIfAborted();
    await act(record).catch((error: unknown) => {
      if (done === 0) throw error;
      const { exit, code, message, remedy } = toOpsError(error);
      const before = `${done} of ${records.length} changes ${done === 1 ? 'was' : 'were'} ${what} before.`;
      throw new OpsError(exit, code, `${asSentence(message)} ${before}`, remedy, error);
    });
  }
}

function firstRefusal(rows: readonly RetryRow[]): string | undefined {
  for (const { decision } of rows) if (decision.kind === 'refused') return decision.refusal.code;
  return undefined;
}

/** Dismisses these failures, each only at the generation that it has here. Answers those that were not handled in the meantime. */
export async function dismissFailures(
  context: CommandContext,
  chosen: readonly ChangeRecord[],
  decision: { by: string; reason: string },
): Promise<ChangeRecord[]> {
  const { session, terminal } = context;
  const handled: ChangeRecord[] = [];
  const done: ChangeRecord[] = [];
  const run = () =>
    inTurn(context, chosen, 'dismissed', async (record) => {
      const { changed } = await discardChange(session, record.ref, record.generation, decision);
      handled.push(record);
      if (changed) done.push(record);
    });
  try {
    await recordAct(context, 'failures dismiss', { ...changesConcerned(chosen), ...decision }, run, () =>
      done.length < chosen.length ? 'failure-changed' : undefined,
    );
  } finally {
    await drainFailures(session, terminal, handled);
  }
  return done;
}
