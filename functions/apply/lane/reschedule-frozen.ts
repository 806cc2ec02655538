import { freezesOf, holdUntil, isWaiting, openPlace, waitsUntil } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { updateChange } from '../../../shared/ledger/update-change.ts';
import type { UnreadableChange } from '../../../shared/ports/ports.ts';
import { splitAwaitingReadBack } from '../rules/awaiting-read-back.ts';
import type { ApplyPorts, LaneWork } from './ports.ts';

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

const PAGE = 200;

/** All unsettled changes that have a place in the lane, also those beyond the ones that the worker looks at together. */
async function readUnsettled({ ledger }: ApplyPorts, lane: string): Promise<ChangeRecord[]> {
  const found: ChangeRecord[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const unread: UnreadableChange[] = [];
    const page: ChangeRecord[] = await ledger.openChanges(lane, PAGE, after, (one) => unread.push(one));
    found.push(...page);
    const places = [...page.map(openPlace), ...unread.map(({ place }) => place)];
    after = places.length < PAGE || page.some(isWaiting) ? undefined : Math.max(...places);
  }
  return found.filter((record) => record.state !== 'settled' && !isWaiting(record));
}
