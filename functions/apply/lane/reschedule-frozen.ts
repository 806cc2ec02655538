import { freezesOf, holdUntil, isWaiting, waitsUntil } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { everyOpenChange } from '../../../shared/ledger/every-open-change.ts';
import { updateChange } from '../../../shared/ledger/update-change.ts';
import { splitAwaitingReadBack } from '../rules/awaiting-read-back.ts';
import type { LaneWork } from './lane-hold.ts';
import type { ApplyPorts } from './ports.ts';

/**
 * If one of these changes may not start now, because a freeze began after it was sent or the lane was slow, schedules all open
 * changes of the lane again that may not; the sweeper releases them (docs/architecture.md#waiting). Returns whether there were
 * any; then the caller reads the open changes again. None of them is under way: no intent is open here, and those that await
 * their read-back are left out.
 *
 * A released change gets a new place, so the last one leaves the lane first: wherever this ends, what is still in the lane comes
 * before what has left it.
 */
export async function rescheduleFrozen(
  { ports, session, invocation }: LaneWork,
  next: readonly ChangeRecord[],
): Promise<boolean> {
  const untilOf = ({ change, ref }: ChangeRecord) =>
    waitsUntil(change, freezesOf(ports.configuration, ref.tenant), ports.clock.now());
  if (!next.some((record) => untilOf(record) !== undefined)) return false;
  session.backlog.invalidate();
  const { rest } = splitAwaitingReadBack(await readUnsettled(ports, session.lane().lane), session.lane());
  for (const record of rest.toReversed()) {
    if (invocation.signal.aborted) break;
    // It may be over by now; then what has left the lane may be back in it, and this one must not leave it.
    const until = untilOf(record);
    if (until === undefined) continue;
    await updateChange(ports.ledger, record, (one) => holdUntil(one, record.generation, until));
    ports.log.info('change has to wait', { ...record.ref, sequence: record.sequence });
  }
  return true;
}

/** All unsettled changes that have a place in the lane, also those beyond the ones that the worker looks at together. */
async function readUnsettled(ports: ApplyPorts, lane: string): Promise<ChangeRecord[]> {
  const found: ChangeRecord[] = [];
  for await (const record of everyOpenChange(ports, lane)) {
    if (isWaiting(record)) break;
    if (record.state !== 'settled') found.push(record);
  }
  return found;
}
