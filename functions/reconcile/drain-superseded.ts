import { failureId } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { ReconcilePorts } from './ports.ts';

/** A later approval's delivery supersedes at once; the runs of the next two hours search the queue for the failure. */
const SEARCH_MS = 2 * 3_600_000;

/**
 * Removes failures from `failures.fifo` whose changes a later approval superseded, so that the alarm on waiting failures
 * ends. Best effort: the ledger is the index.
 */
export async function drainSuperseded(
  { drain, clock, log }: Pick<ReconcilePorts, 'drain' | 'clock' | 'log'>,
  superseded: readonly ChangeRecord[],
): Promise<void> {
  const ids = superseded.flatMap(({ ref, outcome, history }) => {
    const rejected = history.at(-1);
    const recent = outcome?.kind === 'superseded' && clock.now() - outcome.at < SEARCH_MS;
    return recent && rejected?.kind === 'rejected' ? [failureId(ref, rejected.generation)] : [];
  });
  if (ids.length === 0) return;
  try {
    log.info('failures superseded', { removed: await drain.remove(ids) });
  } catch (error) {
    log.warn('failures that were superseded stay on the queue', { count: ids.length, error });
  }
}
