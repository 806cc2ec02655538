import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import type { DriftPorts } from './ports.ts';
import { type LaneSummary, reportDrift } from './report-drift.ts';

/** Reserved at the end of an invocation for storing and announcing what was read by then. */
const MARGIN_MS = 60_000;

export type DriftHandler = (event: unknown, context: RemainingTime) => Promise<{ lanes: LaneSummary[] }>;

type HandlerPorts = Omit<DriftPorts, 'meter'> & {
  meter: FlushingMeter;
  /** Stores which of the shared reads were answered; without it a plan waits longer than needed. */
  settle?: () => Promise<void>;
};

/** The handler of the schedule. It ignores the event; the answer is for a person who invokes the function. */
export function createDriftHandler(ports: HandlerPorts): DriftHandler {
  return async (_event, context) => {
    using deadline = deadlineOf(context, Math.min(MARGIN_MS, context.getRemainingTimeInMillis() / 2));
    try {
      return await reportDrift(ports, deadline);
    } finally {
      await ports.settle?.().catch((error: unknown) => ports.log.warn('shared reads were not settled', { error }));
      ports.meter.flush();
    }
  };
}
