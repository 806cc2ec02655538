import { type Lane, lanesOf } from '../../shared/domain/lane/change-ref.ts';
import { forEachAtOnce } from '../../shared/runtime/at-once.ts';
import { lanesToSweep, takeFirstNextTime } from './lanes-to-sweep.ts';
import type { SweepPorts } from './ports.ts';
import { type SweptChanges, sweepLane } from './sweep-lane.ts';

/**
 * Counts of one sweep. `lanes`: those it began; `failed`: lanes that could not be swept, or not wholly; `missed`: lanes that it
 * had no time to begin or to end; `unfinished`: steps for single changes that failed.
 */
export type SweepSummary = SweptChanges & { lanes: number; failed: number; missed: number; unfinished: number };

/** A lane with much to do, or one that does not answer, occupies one of these; each may hold a page of its changes. */
const LANES_AT_ONCE = 5;
/** The log of each minute names so many lanes, however many there are. */
const LANES_NAMED = 10;

/**
 * Sweeps the open changes of every lane, also of formerly configured ones (docs/architecture.md#the-sweeper). Sends changes
 * that were accepted and never sent, sends again those that are overdue or near the queue's retention, releases scheduled
 * ones that are due, and finishes owed sends and begun cancellations. It decides nothing. A lane that fails or hangs does not
 * stop the others, nor a change that fails its lane; the lanes that it has no time for are taken first by the next sweep.
 */
export async function sweepLanes(ports: SweepPorts, signal: AbortSignal): Promise<SweepSummary> {
  const summary = {
    open: 0,
    sent: 0,
    released: 0,
    finished: 0,
    cancelled: 0,
    lanes: 0,
    failed: 0,
    missed: 0,
    unfinished: 0,
  };
  const lanes = await lanesToSweep(ports).catch((error: unknown) => {
    reportFailed(ports, 'lanes', summary, error);
    return [...lanesOf(ports.configuration).keys()];
  });
  const timeIsUp = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  const begun = new Set<Lane>();
  const ended = new Map<Lane, { waiting?: number }>();
  const work = forEachAtOnce(lanes, LANES_AT_ONCE, async (lane) => {
    if (signal.aborted) return;
    begun.add(lane);
    try {
      const { isWhole, waiting, failures } = await sweepLane(ports, lane, summary, signal);
      summary.unfinished += failures;
      if (!isWhole) return;
      ended.set(lane, { waiting });
      if (failures > 0) countFailed(ports, lane, summary);
    } catch (error) {
      ended.set(lane, {});
      reportFailed(ports, lane, summary, error);
    }
  });
  await Promise.race([work, timeIsUp]);
  // A copy, because a lane that the sweep does not wait for any more may still count.
  const done = { ...summary, lanes: begun.size };
  const notEnded = [...begun].filter((lane) => !ended.has(lane));
  await reportMissed(ports, [...lanes.filter((lane) => !begun.has(lane)), ...notEnded], done);
  reportSwept(ports, ended, done);
  return done;
}

/** `lane` is `lanes` if the formerly configured ones could not be read; the configured ones are swept all the same. */
function reportFailed(ports: SweepPorts, lane: string, summary: SweepSummary, error: unknown): void {
  ports.log.error('lane could not be swept', { lane, error });
  countFailed(ports, lane, summary);
}

function countFailed({ meter }: SweepPorts, lane: string, summary: SweepSummary): void {
  summary.failed += 1;
  meter.count('SweepFailed', 1, { lane });
}

/** All missed lanes are one count: hundreds of them would be hundreds of metrics. */
async function reportMissed(ports: SweepPorts, missed: readonly Lane[], summary: SweepSummary): Promise<void> {
  if (missed.length === 0) return;
  summary.missed = missed.length;
  summary.failed += missed.length;
  ports.meter.count('SweepFailed', missed.length);
  ports.log.warn('lanes were not swept for want of time', { lanes: missed.length, missed });
  await takeFirstNextTime(ports, missed).catch((error: unknown) =>
    ports.log.warn('lanes that were not swept keep their place', { error }),
  );
}

/**
 * The open changes are one metric without a dimension: CloudWatch bills each value of a dimension as a metric of its own, every
 * month, whether or not somebody looks at it. Which lanes have the most stands in the log.
 */
function reportSwept(
  { log, meter }: SweepPorts,
  ended: ReadonlyMap<Lane, { waiting?: number }>,
  summary: SweepSummary,
): void {
  const known = [...ended].flatMap(([lane, { waiting }]) => (waiting === undefined ? [] : [{ lane, open: waiting }]));
  const open = known.reduce((sum, one) => sum + one.open, 0);
  if (known.length > 0) meter.count('OpenChanges', open);
  const most = known.filter((one) => one.open > 0).toSorted((a, b) => b.open - a.open);
  log.info('swept', { ...summary, mostOpen: most.slice(0, LANES_NAMED) });
}
