import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import type { SweepPorts } from './ports.ts';
import { type SweepSummary, sweepLanes } from './sweep-lanes.ts';

/** Kept back at the end of an invocation; the next sweep is a minute away. */
const CLOSING_MS = 5000;

/** The schedule's event says nothing; what is to be done stands in the ledger. */
export function createSweepHandler(ports: SweepPorts & { meter: FlushingMeter }) {
  return async (_event: unknown, context: RemainingTime): Promise<SweepSummary> => {
    const scale = ports.timing.functionTimeoutMs / 60_000;
    using deadline = deadlineOf(context, CLOSING_MS * scale);
    try {
      return await sweepLanes(ports, deadline.signal);
    } finally {
      ports.meter.flush();
    }
  };
}
