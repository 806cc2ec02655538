import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import type { LaneEnd, LaneWork } from '../lane/lane-hold.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { waitInPlace } from '../lane/wait-in-place.ts';

const LOOK_EVERY_MS = 8000;

/** Shortens a pause where the local world runs faster than real time. */
export const scaleToTiming = ({ timing }: ApplyPorts, ms: number) =>
  (ms * timing.requestTimeoutMs) / TIMING.requestTimeoutMs;

/**
 * Waits for the next look at writes that do not show. undefined: the quiet period since the first such look is over, so this
 * look decides.
 */
export async function lookAgain(context: LaneWork, intent: Intent): Promise<{ end: LaneEnd | undefined } | undefined> {
  const { ports, session } = context;
  const now = ports.clock.now();
  // An instant to come is by a worker whose clock is ahead.
  const lookedAt = Math.min(intent.lookedAt ?? now, now);
  if (now >= lookedAt + ports.timing.quietPeriodMs) return undefined;
  await session.save({ intent: { ...intent, lookedAt } });
  const nextAt = now + scaleToTiming(ports, LOOK_EVERY_MS);
  return { end: await waitInPlace(context, nextAt, 'not-shown-yet') };
}
