import type { ChangeRecord } from '../records/change-record.ts';
import { cancelRequestOf } from './cancellation.ts';
import { isWaiting, readySince } from './schedule.ts';
import type { Timing } from './timing.ts';

/**
 * The sweeper's action for one open change. A message only wakes the worker of the lane, so a change that waits behind
 * others needs none of its own: an overdue lane gets messages for its lowest changes alone.
 */
export type SweepAction = 'send' | 'finish' | 'cancel' | 'nothing';

/** The number of the lane's lowest changes that get another message while the lane makes no progress. */
const SENT_WHEN_OVERDUE = 10;

/** A message is sent again when this share of its retention period is left; at its end SQS deletes the message. */
const RESEND_REMAINING_SHARE = 1 / 14;

/** Decides by the change's state and times. `position`: 0 for the lane's lowest open change. */
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
  if (silence >= timing.retentionMs * (1 - RESEND_REMAINING_SHARE)) return 'send';
  return position < SENT_WHEN_OVERDUE && silence >= timing.sweepOverdueAfterMs ? 'send' : 'nothing';
}
