import type { Lane } from '../../shared/domain/lane/change-ref.ts';
import { freezesOf, holdUntil, openPlace, release, waitsUntil } from '../../shared/domain/ledger/schedule.ts';
import { markSent } from '../../shared/domain/ledger/settlement.ts';
import type { Touching } from '../../shared/domain/ledger/shared-objects.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { sendToLane } from '../../shared/ledger/send-to-lane.ts';
import { updateChange } from '../../shared/ledger/update-change.ts';
import { attempt, type LaneSweep, mustFollow } from './attempt.ts';
import type { SweepPorts } from './ports.ts';

/**
 * Releases scheduled changes of one page in the order they were accepted: those that are due enter the lane, the others
 * get their release time by the present configuration. Answers how many were released.
 *
 *   take places ──► write `accepted` at the new place ──► send ──► mark `queued`
 *
 * A crash may follow any arrow: a place stays unused, or the next sweep sends the unsent change a minute later. One
 * call takes all places, so that a slow sweep still releases in order. Another sweep may have taken later places: a
 * sweep that finds a change released by somebody else leaves all behind it to the next sweep. A change that fails stays
 * scheduled, and only what must follow it waits with it.
 */
export async function releaseScheduled(
  ports: SweepPorts,
  lane: Lane,
  page: readonly ChangeRecord[],
  sweep: LaneSweep,
): Promise<number> {
  const now = ports.clock.now();
  const due: ChangeRecord[] = [];
  for (const record of page.filter((one) => one.state === 'scheduled')) {
    const until = mustWaitUntil(ports, record);
    const hold = (to: number) => updateChange(ports.ledger, record, (one) => reschedule(one, record.generation, to));
    if (until === undefined) due.push(record);
    else await attempt(ports, record, sweep, () => hold(until));
  }
  if (due.length === 0) return 0;
  const first = await ports.ledger.takeSequences(lane, due.length);
  const entered: ChangeRecord[] = [];
  for (const [index, record] of due.entries()) {
    const isOurs = (one: ChangeRecord) => one.sequence === record.sequence;
    const enter = () =>
      updateChange(ports.ledger, record, (one) => (isOurs(one) ? release(one, first + index, now) : undefined));
    const result = mustFollow(record, sweep) ? undefined : await attempt(ports, record, sweep, enter);
    if (result === undefined) sweep.unreleased.push({ place: openPlace(record), request: record });
    else if (result.changed) entered.push(result.record);
    else if (!isOurs(result.record)) sweep.unreleased.push({ place: openPlace(record) });
  }
  await sendReleased(ports, lane, entered, now);
  return entered.length;
}

/**
 * The instant until which a scheduled change must wait; undefined if it is due. It is due only if each worker's clock
 * says so too: a worker that schedules changes again, last one first, would put those that come first behind those that
 * were released meanwhile.
 */
export function mustWaitUntil(
  { configuration, clock, timing }: SweepPorts,
  { change, ref }: Touching,
): number | undefined {
  const clocks = [-1, 0, 1].map((by) => clock.now() + by * timing.clockSkewMs);
  const freezes = freezesOf(configuration, ref.tenant);
  return clocks.map((now) => waitsUntil(change, freezes, now)).find((until) => until !== undefined);
}

/** Sends all in one call and marks them. If that fails, the next sweep sends each one alone, as after a crash. */
async function sendReleased(
  ports: SweepPorts,
  lane: Lane,
  entered: readonly ChangeRecord[],
  now: number,
): Promise<void> {
  if (entered.length === 0) return;
  try {
    await sendToLane(ports, lane, entered, 'scheduled');
    for (const record of entered)
      await updateChange(ports.ledger, record, (one) => markSent(one, record.generation, now));
  } catch (error) {
    ports.log.error('released changes could not be sent', { lane, changes: entered.length, error });
    ports.meter.count('SweepChangeFailed', entered.length, { lane });
  }
}

/** Updates the release time only while the change is scheduled; another process may have released or cancelled it. */
function reschedule(record: ChangeRecord, generation: number, until: number): ChangeRecord | undefined {
  return record.state === 'scheduled' ? holdUntil(record, generation, until) : undefined;
}
