import { type Lane, lanesOf } from '../../shared/domain/lane/change-ref.ts';
import { messageFor } from '../../shared/domain/ledger/message.ts';
import { sweepActionFor } from '../../shared/domain/ledger/overdue.ts';
import { freezesOf, isWaiting, openPlace, WAITING_OFFSET, waitsUntil } from '../../shared/domain/ledger/schedule.ts';
import { markSent } from '../../shared/domain/ledger/settlement.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { completeCancel } from '../../shared/ledger/cancel-change.ts';
import { finishOutbox } from '../../shared/ledger/outbox.ts';
import { isLeftByDead, sendToLane } from '../../shared/ledger/send-to-lane.ts';
import { updateChange } from '../../shared/ledger/update-change.ts';
import type { UnreadableChange } from '../../shared/ports/ports.ts';
import { attempt, type LaneSweep } from './attempt.ts';
import { lanesToSweep, takeFirstNextTime } from './lanes-to-sweep.ts';
import type { SweepPorts } from './ports.ts';
import { releaseScheduled } from './release-scheduled.ts';

/**
 * Counts of one sweep. `failed`: lanes that could not be swept, or not wholly; `missed`: lanes that it had no time to begin;
 * `unfinished`: steps for single changes that failed.
 */
export type SweepSummary = {
  lanes: number;
  open: number;
  sent: number;
  released: number;
  finished: number;
  cancelled: number;
  failed: number;
  missed: number;
  unfinished: number;
};

const PAGE = 200;

/**
 * Sweeps the open changes of every lane, also of formerly configured ones (docs/architecture.md#the-sweeper). Sends changes
 * that were accepted and never sent, sends again those that are overdue or near the queue's retention, releases scheduled
 * ones that are due, and finishes owed sends and begun cancellations. It decides nothing. A lane that fails does not stop
 * the others, nor a change that fails its lane; the lanes that it has no time for are taken first by the next sweep.
 */
export async function sweepLanes(ports: SweepPorts, signal: AbortSignal): Promise<SweepSummary> {
  const summary: SweepSummary = {
    lanes: 0,
    open: 0,
    sent: 0,
    released: 0,
    finished: 0,
    cancelled: 0,
    failed: 0,
    missed: 0,
    unfinished: 0,
  };
  const lanes = await lanesToSweep(ports).catch((error: unknown) => {
    reportFailed(ports, 'lanes', summary, error);
    return lanesOf(ports.configuration).keys();
  });
  const missed: Lane[] = [];
  for (const lane of lanes) {
    if (signal.aborted) missed.push(lane);
    else await sweepLane(ports, lane, summary, signal).catch((error) => reportFailed(ports, lane, summary, error));
  }
  await reportMissed(ports, missed, summary);
  ports.log.info('swept', summary);
  return summary;
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

async function reportMissed(ports: SweepPorts, missed: readonly Lane[], summary: SweepSummary): Promise<void> {
  if (missed.length === 0) return;
  summary.missed = missed.length;
  ports.log.warn('lanes were not swept for want of time', { lanes: missed.length });
  for (const lane of missed) countFailed(ports, lane, summary);
  await takeFirstNextTime(ports, missed).catch((error: unknown) =>
    ports.log.warn('lanes that were not swept keep their place', { error }),
  );
}

async function sweepLane(ports: SweepPorts, lane: Lane, summary: SweepSummary, signal: AbortSignal): Promise<void> {
  summary.lanes += 1;
  const sweep: LaneSweep = { failures: 0, unreleased: [] };
  let position = 0;
  let first: ChangeRecord | undefined;
  let after: number | undefined = 0;
  while (after !== undefined) {
    const unread: UnreadableChange[] = [];
    const page: ChangeRecord[] = await ports.ledger.openChanges(lane, PAGE, after, (one) => unread.push(one));
    for (const one of unread) {
      reportUnread(ports, lane, one, sweep);
      if (mayBeDue(ports, one)) sweep.unreleased.push(one);
    }
    for (const record of page) {
      if (signal.aborted) break;
      await attempt(ports, record, sweep, () => sweepChange(ports, record, position, summary));
      if (!isWaiting(record)) position += 1;
      if (!isWaiting(record) && record.state !== 'settled') first ??= record;
    }
    if (signal.aborted) break;
    summary.released += await releaseScheduled(ports, lane, page, sweep);
    summary.open += page.length;
    const places = [...page.map(openPlace), ...unread.map(({ place }) => place)];
    after = places.length < PAGE ? undefined : Math.max(...places);
  }
  if (first !== undefined) await wakeAfterDeath(ports, lane, first, sweep);
  const isComplete = after === undefined;
  summary.unfinished += sweep.failures;
  if (sweep.failures > 0 || !isComplete) countFailed(ports, lane, summary);
  if (isComplete) ports.meter.count('OpenChanges', position, { lane });
}

/** A record that cannot be read leaves the others to be swept; the worker decides what must not overtake it. */
function reportUnread({ log, meter }: SweepPorts, lane: Lane, { key, why }: UnreadableChange, sweep: LaneSweep): void {
  sweep.failures += 1;
  log.error('change could not be swept', { lane, key, why });
  meter.count('SweepChangeFailed', 1, { lane });
}

/** A scheduled change that cannot be read must not be overtaken from when it is due; nobody can tell when without its request. */
function mayBeDue({ configuration, clock }: SweepPorts, { place, request }: UnreadableChange): boolean {
  if (place < WAITING_OFFSET || request === undefined) return place >= WAITING_OFFSET;
  return waitsUntil(request.change, freezesOf(configuration, request.ref.tenant), clock.now()) === undefined;
}

/** Wakes a lane whose worker died at its lowest open change, before the messages return that hid with the worker. */
async function wakeAfterDeath(ports: SweepPorts, lane: Lane, first: ChangeRecord, sweep: LaneSweep): Promise<void> {
  await attempt(ports, first, sweep, async () => {
    if (isLeftByDead(await ports.ledger.readLane(lane), ports.clock.now())) {
      await sendToLane(ports, lane, [first], 'sweep');
    }
  });
}

async function sweepChange(
  ports: SweepPorts,
  record: ChangeRecord,
  position: number,
  summary: SweepSummary,
): Promise<void> {
  const now = ports.clock.now();
  const todo = sweepActionFor(record, position, now, ports.timing);
  if (todo === 'cancel') {
    const { kind } = await completeCancel(ports, record);
    if (kind === 'cancelled') summary.cancelled += 1;
  }
  if (todo === 'finish') {
    await finishOutbox(ports, record);
    summary.finished += 1;
  }
  if (todo === 'send') {
    await ports.queue.send([messageFor(record, 'sweep')]);
    await updateChange(ports.ledger, record, (r) => markSent(r, record.generation, now));
    summary.sent += 1;
  }
}
