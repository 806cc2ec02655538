import type { Timing } from '../../../shared/domain/ledger/timing.ts';
import type { LaneEnd, LaneWork } from './lane-hold.ts';

/**
 * Sleeps until `at` (epoch ms) if the wait is short and leaves time for a write. Otherwise returns the end with which the
 * worker leaves the lane. Returns undefined once `at` has passed.
 */
export async function waitInPlace(
  { ports, session, invocation }: LaneWork,
  at: number,
  reason: string,
): Promise<LaneEnd | undefined> {
  const { clock, timing } = ports;
  const waitMs = at - clock.now();
  if (waitMs <= 0) return undefined;
  const needed = waitMs + timing.requestTimeoutMs + timing.writeMarginMs;
  if (waitMs >= timing.waitInPlaceMs) return { kind: 'wait', delayMs: waitMs, reason };
  // This invocation has no time left for the wait and a write: the next one sleeps.
  if (invocation.remainingMs() < needed || session.leaseLeftMs() < needed) return { kind: 'again' };
  await clock.sleep(waitMs, invocation.signal);
  return undefined;
}

/** A write may take the request timeout and a margin: the lease and the invocation must both last that long. */
export function hasTimeToWrite({ ports, session, invocation }: LaneWork, spareMs = 0): boolean {
  const needed = ports.timing.requestTimeoutMs + ports.timing.writeMarginMs + spareMs;
  return !invocation.signal.aborted && session.leaseLeftMs() >= needed && invocation.remainingMs() >= needed;
}

/** For how long the messages of a lane are hidden after this end; 0: they return at once. */
export function deferralMs({ deferMinMs, deferMaxMs }: Timing, end: LaneEnd): number {
  return end.kind === 'wait' ? Math.min(Math.max(end.delayMs, deferMinMs), deferMaxMs) : 0;
}
