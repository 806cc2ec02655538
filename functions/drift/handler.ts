import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readQueueRecords } from '../../shared/aws/messaging/queue-record.ts';
import { driftRequestSchema } from '../../shared/domain/drift/drift-request.ts';
import { lanesOf } from '../../shared/domain/lane/change-ref.ts';
import { deadlineOf, type RemainingTime } from '../../shared/runtime/deadline.ts';
import type { FlushingMeter } from '../../shared/runtime/meter.ts';
import type { DriftPorts } from './ports.ts';
import { reportLane } from './report-lane.ts';

/** Reserved at the end of an invocation for storing and announcing what was read by then. */
const MARGIN_MS = 60_000;

export type DriftHandler = (event: SQSEvent, context: RemainingTime) => Promise<SQSBatchResponse>;

type HandlerPorts = Omit<DriftPorts, 'meter'> & {
  meter: FlushingMeter;
  /** Stores which of the shared reads were answered; without it a plan waits longer than needed. */
  settle?: () => Promise<void>;
};

/** The handler of the queue, whose messages are lanes to report on. */
export function createDriftHandler(ports: HandlerPorts): DriftHandler {
  return async (event, context) => {
    using deadline = deadlineOf(context, Math.min(MARGIN_MS, context.getRemainingTimeInMillis() / 2));
    const failed: string[] = [];
    try {
      for (const { messageId, body } of readQueueRecords(event)) {
        if (!(await reportFor(ports, body, deadline.signal))) failed.push(messageId);
      }
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      await ports.settle?.().catch((error: unknown) => ports.log.warn('shared reads were not settled', { error }));
      ports.meter.flush();
    }
  };
}

/** false: the queue delivers the lane once more. A lane that no tenant has any more is reported no more. */
async function reportFor(ports: DriftPorts, body: string, signal: AbortSignal): Promise<boolean> {
  let lane: string | undefined;
  try {
    ({ lane } = driftRequestSchema.parse(JSON.parse(body)));
    if (lanesOf(ports.configuration).has(lane)) await reportLane(ports, lane, signal);
    else ports.log.info('no tenant has this lane any more', { lane });
    return true;
  } catch (error) {
    ports.meter.count('DriftReportFailed', 1, lane === undefined ? {} : { lane });
    ports.log.error('no drift report of this lane', { lane, error });
    return false;
  }
}
