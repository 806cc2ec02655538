import type { ChangeRecord } from '../records/change-record.ts';
import { cancelRequestOf } from './cancellation.ts';

import { isWaiting, readySince } from './schedule.ts';
import type { Timing } from './timing.ts';

/**
 * What the sweeper does about one open change. The queue only rings the lane's bell, so a change that is waiting its
 * turn needs no message of its own: what is overdue is rung for at the head of the lane alone.
 */
export type SweepAction = 'send' | 'finish' | 'cancel' | 'nothing';

/** How many of the lane's lowest changes are rung for when nothing moves. */
const SENT_WHEN_OVERDUE = 10;

/** A message is renewed this long before the queue forgets it. */
const RENEWED_BEFORE_FORGETTING = 1 / 14;

/** `position`: 0 for the lane's lowest open change. */
export function sweepActionFor(record: ChangeRecord, position: number, now: number, timing: Timing): SweepAction {
  if (record.state === 'settled') {
    const settledAt = record.outcome?.at ?? 0;
    return record.pending.length > 0 && now - settledAt >= timing.sweepUnsentAfterMs ? 'finish' : 'nothing';
  }
  const request = cancelRequestOf(record);
  if (request !== undefined && now - request.at >= timing.sweepUnsentAfterMs) return 'cancel';
  if (isWaiting(record)) return 'nothing';
  const since = readySince(record);
  if (record.state === 'accepted' || record.sentAt < since) {
    return now - Math.max(since, record.sentAt) >= timing.sweepUnsentAfterMs ? 'send' : 'nothing';
  }
  const silence = now - record.sentAt;
  if (silence >= timing.retentionMs * (1 - RENEWED_BEFORE_FORGETTING)) return 'send';
  return position < SENT_WHEN_OVERDUE && silence >= timing.sweepOverdueAfterMs ? 'send' : 'nothing';
}
