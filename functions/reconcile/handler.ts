import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import type { ReconcilePorts } from './ports.ts';
import { type ReconcileSummary, reconcileSources } from './reconcile-sources.ts';

/** Reserved for the current ticket and the log at the end. */
const CLOSING_MS = 20_000;

export type ReconcileHandler = (event: unknown, context: RemainingTime) => Promise<ReconcileSummary>;

/** The handler of the schedule. It ignores the event, because ticket systems and ledger hold all that a run needs. */
export function createReconcileHandler(ports: ReconcilePorts & { meter: FlushingMeter }): ReconcileHandler {
  return async (_event, context) => {
    using deadline = deadlineOf(context, Math.min(CLOSING_MS, context.getRemainingTimeInMillis() / 2));
    try {
      return await reconcileSources(ports, deadline.signal);
    } finally {
      ports.meter.flush();
    }
  };
}
