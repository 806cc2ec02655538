import type { Lane } from '../../shared/domain/lane/change-ref.ts';
import { messageFor } from '../../shared/domain/ledger/message.ts';
import { sweepActionFor } from '../../shared/domain/ledger/overdue.ts';
import { isWaiting, openPlace, WAITING_OFFSET } from '../../shared/domain/ledger/schedule.ts';
import { markSent } from '../../shared/domain/ledger/settlement.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { completeCancel } from '../../shared/ledger/cancel-change.ts';
import { finishOutbox } from '../../shared/ledger/outbox.ts';
import { isLeftByDead, sendToLane } from '../../shared/ledger/send-to-lane.ts';
import { updateChange } from '../../shared/ledger/update-change.ts';
import type { UnreadableChange } from '../../shared/ports/ports.ts';
import { attempt, type LaneSweep } from './attempt.ts';
import type { SweepPorts } from './ports.ts';
import { mustWaitUntil, releaseScheduled } from './release-scheduled.ts';

/** The counts of a sweep, summed over its lanes. */
export type SweptChanges = { open: number; sent: number; released: number; finished: number; cancelled: number };

/**
 * `isWhole`: the time lasted for all of the lane; `waiting`: its open changes without the scheduled ones; `failures`: steps for
 * single changes that failed.
 */
export type SweptLane = { isWhole: boolean; waiting: number; failures: number };

const PAGE = 200;

/** Sweeps the open changes of one lane until the signal aborts, adding to `summary` as it goes. Rejects as the ledger does. */
export async function sweepLane(
  ports: SweepPorts,
  lane: Lane,
  summary: SweptChanges,
  signal: AbortSignal,
): Promise<SweptLane> {
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
    // Other lanes count meanwhile, so the sum is read after the wait.
    const released = await releaseScheduled(ports, lane, page, sweep);
    summary.released += released;
    summary.open += page.length;
    const places = [...page.map(openPlace), ...unread.map(({ place }) => place)];
    after = places.length < PAGE ? undefined : Math.max(...places);
  }
  if (first !== undefined) await wakeAfterDeath(ports, lane, first, sweep);
  return { isWhole: after === undefined, waiting: position, failures: sweep.failures };
}

/** A record that cannot be read leaves the others to be swept; the worker decides what must not overtake it. */
function reportUnread({ log, meter }: SweepPorts, lane: Lane, { key, why }: UnreadableChange, sweep: LaneSweep): void {
  sweep.failures += 1;
  log.error('change could not be swept', { lane, key, why });
  meter.count('SweepChangeFailed', 1, { lane });
}

/**
 * A scheduled change that cannot be read must not be overtaken from when it is due; nobody can tell when without its
 * request.
 */
function mayBeDue(ports: SweepPorts, { place, request }: UnreadableChange): boolean {
  if (place < WAITING_OFFSET || request === undefined) return place >= WAITING_OFFSET;
  return mustWaitUntil(ports, request) === undefined;
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
  summary: SweptChanges,
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
