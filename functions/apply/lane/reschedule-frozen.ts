import { freezesOf, holdUntil, waitsUntil } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { updateChange } from '../../../shared/ledger/update-change.ts';
import type { LaneSession } from './lane-session.ts';
import type { ApplyPorts } from './ports.ts';

/**
 * Schedules changes that may not start now again, because a freeze began after they were sent or the lane was slow; the
 * sweeper releases them (docs/architecture.md#waiting). Returns whether there were any; then the caller reads the open changes
 * again. None of them is under way: no intent is open here, and callers leave out changes that await their read-back.
 */
export async function rescheduleFrozen(
  ports: ApplyPorts,
  session: LaneSession,
  unsettled: readonly ChangeRecord[],
): Promise<boolean> {
  const now = ports.clock.now();
  let isAnyHeld = false;
  for (const record of unsettled) {
    const until = waitsUntil(record.change, freezesOf(ports.configuration, record.ref.tenant), now);
    if (until === undefined) continue;
    isAnyHeld = true;
    await updateChange(ports.ledger, record, (one) => holdUntil(one, record.generation, until));
    ports.log.info('change has to wait', { ...record.ref, sequence: record.sequence });
  }
  if (isAnyHeld) session.backlog.invalidate();
  return isAnyHeld;
}
