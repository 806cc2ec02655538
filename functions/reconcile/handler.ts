import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import type { ReconcilePorts } from './ports.ts';
import { type ReconcileSummary, reconcileSources } from './reconcile-sources.ts';

/** Kept back for the ticket in hand and what is said at the end. */
const CLOSING_MS = 20_000;

export type ReconcileHandler = (event: unknown, context: RemainingTime) => Promise<ReconcileSummary>;

/** The schedule's event says nothing; what is to be done stands in the ticket systems and the ledger. */
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
