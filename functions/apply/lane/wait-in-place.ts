import type { LaneSession } from './lane-session.ts';
import type { ApplyPorts, Invocation, LaneEnd } from './ports.ts';

/**
 * Waits in place where the wait is short and leaves time for a write; otherwise the lane ends with a deferral. Answers
 * undefined when the time has come.
 */
export async function waitInPlace(
  ports: ApplyPorts,
  session: LaneSession,
  invocation: Invocation,
  at: number,
  reason: string,
): Promise<LaneEnd | undefined> {
  const { clock, timing } = ports;
  const waitMs = at - clock.now();
  if (waitMs <= 0) return undefined;
  const needed = waitMs + timing.requestTimeoutMs + timing.writeMarginMs;
  if (waitMs >= timing.waitInPlaceMs) return { kind: 'wait', delayMs: waitMs, reason };
  // Too late for a short wait and a write: the next invocation waits in place.
  if (invocation.remainingMs() < needed || session.leaseLeftMs() < needed) return { kind: 'again' };
  await clock.sleep(waitMs, invocation.signal);
  return undefined;
}

/** A write may need the request timeout and a margin, of the lease as of the invocation; less is no time at all. */
export function hasTimeToWrite(ports: ApplyPorts, session: LaneSession, invocation: Invocation, spareMs = 0): boolean {
  const needed = ports.timing.requestTimeoutMs + ports.timing.writeMarginMs + spareMs;
  return !invocation.signal.aborted && session.leaseLeftMs() >= needed && invocation.remainingMs() >= needed;
}
