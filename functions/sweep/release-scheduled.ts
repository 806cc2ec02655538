import type { Lane } from '../../shared/domain/lane/change-ref.ts';
import { messageFor } from '../../shared/domain/ledger/message.ts';
import { freezesOf, holdUntil, release, waitsUntil } from '../../shared/domain/ledger/schedule.ts';
import { markSent } from '../../shared/domain/ledger/settlement.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { updateChange } from '../../shared/ledger/update-change.ts';
import type { SweepPorts } from './ports.ts';

/**
 * Scheduled changes of one page, in the order they were accepted: those whose time has come go into the lane, the others
 * learn when theirs will be, by the configuration as it is now. Answers how many were released.
 *
 *   take places ──► write `accepted` at the new place ──► send ──► mark `queued`
 *
 * Each arrow may be the last one: a place is left unused, or an unsent change is sent by the sweep of a minute later.
 * Places are taken together, so that a sweep which is slow or raced by another still releases in order.
 */
export async function releaseScheduled(ports: SweepPorts, lane: Lane, page: readonly ChangeRecord[]): Promise<number> {
  const now = ports.clock.now();
  const due: ChangeRecord[] = [];
  for (const record of page.filter((one) => one.state === 'scheduled')) {
    const until = waitsUntil(record.change, freezesOf(ports.configuration, record.ref.tenant), now);
    if (until === undefined) due.push(record);
    else await updateChange(ports.ledger, record, (one) => stillHeld(one, record.generation, until));
  }
  if (due.length === 0) return 0;
  const first = await ports.ledger.takeSequences(lane, due.length);
  const entered: ChangeRecord[] = [];
  for (const [index, record] of due.entries()) {
    const result = await updateChange(ports.ledger, record, (one) => release(one, first + index, now));
    if (result.changed) entered.push(result.record);
  }
  if (entered.length > 0) await ports.queue.send(entered.map((record) => messageFor(record, 'scheduled')));
  for (const record of entered)
    await updateChange(ports.ledger, record, (one) => markSent(one, record.generation, now));
  return entered.length;
}

/** Only while it is scheduled: what somebody released or cancelled meanwhile is not called back. */
function stillHeld(record: ChangeRecord, generation: number, until: number): ChangeRecord | undefined {
  return record.state === 'scheduled' ? holdUntil(record, generation, until) : undefined;
}
