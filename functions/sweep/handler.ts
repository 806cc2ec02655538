import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import type { SweepPorts } from './ports.ts';
import { type SweepSummary, sweepLanes } from './sweep-lanes.ts';

/** Reserved at the end of an invocation; the next sweep starts within a minute. */
const CLOSING_MS = 5000;

/** The handler of the schedule. It ignores the event, because the ledger holds all that a sweep needs. */
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
