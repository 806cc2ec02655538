import { decidableAt } from '../../shared/domain/intent/intent-writes.ts';
import { sweepActionFor } from '../../shared/domain/ledger/overdue.ts';
import { TIMING } from '../../shared/domain/ledger/timing.ts';
import { bySequence, isOpen } from './ledger-calls.ts';
import type { Process, World } from './world.ts';

/** The instants at which something may change by itself; between them the length of a wait makes no difference. */

/** Instants after now, earliest first. */
export function instants(world: World): number[] {
  const { lane } = world;
  const all = [
    ...world.processes.flatMap(instantsOf),
    ...world.messages.map((one) => one.visibleAt),
    ...world.underWay.map((one) => one.until),
    lane?.lease?.until,
    lane?.stopped?.probeAt,
    lane?.trouble?.retryAt,
    lane?.intent?.trouble?.retryAt,
    lane?.intent && decidableAt(lane.intent, TIMING),
  ];
  const later = all.filter((at) => at !== undefined && at > world.now && at < Number.POSITIVE_INFINITY);
  return [...new Set(later as number[])].sort((a, b) => a - b);
}

function instantsOf({ node, killAt, stalled }: Process): number[] {
  const { pending, issuedAt, spec } = node;
  const own = [spec.abortAt, killAt];
  if (pending.to === 'clock.sleep' && !stalled) return [...own, issuedAt + pending.ms];
  if (pending.to === 'zpa.write') return [...own, issuedAt + TIMING.requestTimeoutMs + 1];
  const { intent } = pending.to === 'ledger.writeLane' ? pending.record : {};
  return intent === undefined ? own : [...own, intent.sendBefore + 1];
}

/** A delayed event takes effect before its time is over; no other event skips it. */
export const mayPassTo = (world: World, at: number): boolean => world.underWay.every((one) => at <= one.until);

/** The next time at which the sweeper has work in a quiet world; undefined: never. */
export function nextSweepAt(world: World): number | undefined {
  if (sweepable(world)) return world.now;
  const times = bySequence(world.changes)
    .filter(isOpen)
    .map((record) => {
      if (record.state === 'settled') return (record.outcome?.at ?? 0) + TIMING.sweepUnsentAfterMs;
      const unsent = record.state === 'accepted' || record.sentAt < record.acceptedAt;
      const silent = unsent ? TIMING.sweepUnsentAfterMs : TIMING.sweepOverdueAfterMs;
      return Math.max(record.acceptedAt, record.sentAt) + silent;
    })
    .filter((at) => at > world.now);
  return times.length === 0 ? undefined : Math.min(...times);
}

export function sweepable(world: World): boolean {
  const open = bySequence(world.changes).filter(isOpen);
  return open.some((record, position) => sweepActionFor(record, position, world.now, TIMING) !== 'nothing');
}
