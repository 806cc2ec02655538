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

/**
 * Tells the effect that a retry of these would have now, in the order in which it is done. `onUnreadable` hears of
 * dependents that cannot be read.
 */
export async function previewRetry(
  session: OpsSession,
  selected: readonly ChangeRecord[],
  { acceptStale, withDependents }: RetryOptions,
  onUnreadable?: (one: UnreadableRecord) => void,
): Promise<RetryRow[]> {
  const chosen = withDependents ? await findDependents(session.ledger, selected, onUnreadable) : selected;
  return previewRedrives(session, chosen, { acceptStale });
}

/** Whether a retry does something with it. */
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
  const { session, terminal, signal } = context;
  const ready = preview.filter(isReady);
  const run = async () => {
    const done: RetryRow[] = [];
    for (const { record } of ready) {
      signal.throwIfAborted();
      terminal.progress(`retrying ${record.ref.idempotencyKey} …`);
      const redriven = redriveChange(session, record.ref, record.generation, { acceptStale });
      done.push({ record, decision: await redriven.catch(tellBefore(done.length, ready.length, 'retried')) });
    }
    return done;
  };
  const details = { ...changesConcerned(ready.map(({ record }) => record)), acceptStale };
  const retried = await recordAct(context, 'failures redrive', details, run, firstRefusal);
  const rows = [...preview.filter((row) => !isReady(row)), ...retried];
  const settled = rows.filter(({ decision }) => decision.kind !== 'refused').map(({ record }) => record);
  await drainFailures(session, terminal, settled);
  return rows;
}

/** Makes an error of one of several say what was done before it. */
const tellBefore = (done: number, all: number, what: string) => (error: unknown) => {
  if (done === 0) throw error;
  const { exit, code, message, remedy } = toOpsError(error);
  const before = `${done} of ${all} changes ${done === 1 ? 'was' : 'were'} ${what} before.`;
  throw new OpsError(exit, code, `${asSentence(message)} ${before}`, remedy, error);
};

function firstRefusal(rows: readonly RetryRow[]): string | undefined {
  for (const { decision } of rows) if (decision.kind === 'refused') return decision.refusal.code;
  return undefined;
}

/** Dismisses these failures, each only at the generation that it has here. Answers those that were not handled in the meantime. */
export async function dismissFailures(
  context: CommandContext,
  chosen: readonly ChangeRecord[],
  by: string,
): Promise<ChangeRecord[]> {
  const { session, terminal } = context;
  const done: ChangeRecord[] = [];
  const run = async () => {
    for (const record of chosen) {
      const discarded = discardChange(session, record.ref, record.generation, by);
      const { changed } = await discarded.catch(tellBefore(done.length, chosen.length, 'dismissed'));
      if (changed) done.push(record);
    }
  };
  await recordAct(context, 'failures dismiss', { ...changesConcerned(chosen), by }, run, () =>
    done.length < chosen.length ? 'failure-changed' : undefined,
  );
  await drainFailures(session, terminal, chosen);
  return done;
}
