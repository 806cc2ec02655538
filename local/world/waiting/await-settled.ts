import type { ChangeRef } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ledger } from '../../../shared/ports/ports.ts';

/** Calls `listener` after anything was written in the world; answers how to stop that. */
export type OnActivity = (listener: () => void) => () => void;

/**
 * Waits until every change has its outcome and owes nothing, without polling: a change is read again only after
 * something was written. Answers the records in the order of `refs`. Rejects with the signal's reason when it aborts.
 */
export async function awaitSettled(
  ledger: Ledger,
  onActivity: OnActivity,
  refs: readonly ChangeRef[],
  signal?: AbortSignal,
): Promise<ChangeRecord[]> {
  const records: ChangeRecord[] = [];
  for (const ref of refs) {
    const record = await awaitFact(onActivity, signal, async () => {
      const found = await ledger.readChange(ref);
      return found?.state === 'settled' && found.pending.length === 0 ? found : undefined;
    });
    records.push(record);
  }
  return records;
}

/** Resolves with what `look` finds; looks now, and again after anything was written, while it finds nothing. */
export async function awaitFact<Fact>(
  onActivity: OnActivity,
  signal: AbortSignal | undefined,
  look: () => Promise<Fact | undefined>,
): Promise<Fact> {
  let written = true;
  let wake = () => {};
  const stop = onActivity(() => {
    written = true;
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (written) {
        written = false;
        const fact = await look();
        if (fact !== undefined) return fact;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stop();
    signal?.removeEventListener('abort', onAbort);
  }
}
