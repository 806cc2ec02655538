import { freezesOf, held, waitsUntil } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { updateChange } from '../../../shared/ledger/update-change.ts';
import type { LaneSession } from './lane-session.ts';
import type { ApplyPorts } from './ports.ts';

/**
 * A freeze began after these were sent, or the lane was slow: what may not start now is scheduled again, and the sweeper
 * releases it. Answers whether there was any; then the lane is looked at anew. None of them is
 * under way: no intent is open here, and what lies aside is not asked.
 */
export async function rescheduleFrozen(
  ports: ApplyPorts,
  session: LaneSession,
  unsettled: readonly ChangeRecord[],
): Promise<boolean> {
  const now = ports.clock.now();
  let any = false;
  for (const record of unsettled) {
    const until = waitsUntil(record.change, freezesOf(ports.configuration, record.ref.tenant), now);
    if (until === undefined) continue;
    any = true;
    await updateChange(ports.ledger, record, (one) => held(one, record.generation, until));
    ports.log.info('change has to wait', { ...record.ref, sequence: record.sequence });
  }
  if (any) session.backlog.invalidate();
  return any;
}
