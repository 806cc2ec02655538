import type { Lane, SendReason } from '../domain/lane/change-ref.ts';
import { messageFor } from '../domain/ledger/message.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { LaneRecord } from '../domain/records/lane-record.ts';
import type { ChangeQueue, Clock, Ledger } from '../ports/ports.ts';

type SendPorts = { ledger: Pick<Ledger, 'readLane'>; queue: ChangeQueue; clock: Pick<Clock, 'now'> };

/**
 * Sends messages of a lane's changes. While messages of the lane's group are hidden, SQS delivers no other of the
 * group: then these go in groups of their own, and a worker takes the lane up at once. Rejects as ledger and queue do;
 * sending again is harmless.
 */
export async function sendToLane(
  { ledger, queue, clock }: SendPorts,
  lane: Lane,
  records: readonly ChangeRecord[],
  reason: SendReason,
): Promise<void> {
  if (records.length === 0) return;
  const now = clock.now();
  const apartAt = isHeldBack(await ledger.readLane(lane), records, now) ? now : undefined;
  await queue.send(records.map((record) => messageFor(record, reason, apartAt)));
}

/**
 * Messages of the lane's group may be hidden, and nothing but that keeps a worker from these changes: the lane is neither
 * held, nor paused, nor stopped for all their tenants until a later probe.
 */
function isHeldBack(lane: LaneRecord, records: readonly ChangeRecord[], now: number): boolean {
  if (lane.lease !== undefined && lane.lease.until > now) return false;
  const { hiddenUntil = 0, paused, stopped } = lane;
  const isStopped = stopped !== undefined && stopped.probeAt > now;
  const isForOthers = records.some(({ ref }) => stopped?.tenants?.includes(ref.tenant) === false);
  if (paused !== undefined || (isStopped && !isForOthers)) return false;
  return isLeftByDead(lane, now) || hiddenUntil > now;
}

/** The worker that held the lane died: its messages are hidden until their visibility timeout ends. */
export const isLeftByDead = ({ lease }: LaneRecord, now: number): boolean => lease !== undefined && lease.until <= now;
