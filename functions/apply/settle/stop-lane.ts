import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import type { LaneEnd, LaneHold } from '../lane/lane-hold.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { jitter } from './count-tries.ts';

/** Faults of the API client of one tenant; another tenant of the same ZPA customer has its own. */
const SIGN_IN_FAULTS = new Set(['sign-in-refused', 'sign-in-failed', 'secret-missing', 'secret-malformed']);

/**
 * Stops the lane until a probe succeeds: one alarm, probes with backoff, no rejection. `tenant`: the one whose change met the
 * fault; while only its own sign-in fails, the changes of other tenants of the lane go on.
 */
export async function stopLane({ ports, session }: LaneHold, fault: ZpaFault, tenant?: string): Promise<LaneEnd> {
  const now = ports.clock.now();
  const stopped = session.lane().stopped;
  const tries = (stopped?.tries ?? 0) + 1;
  const delayMs = backoff(ports, tries, fault.retryAfterMs);
  const sentence = fault.reason ?? fault.code;
  const isOwn = tenant !== undefined && SIGN_IN_FAULTS.has(fault.code);
  const standing = stopped !== undefined && stopped.probeAt > now ? (stopped.tenants ?? []) : [];
  const nextAttempt = new Date(now + delayMs).toISOString();
  const fields = { lane: session.lane().lane, code: fault.code, sentence, tries, nextAttempt };
  if (stopped === undefined) ports.log.error('lane stopped', fields);
  else ports.log.warn('lane still stopped', fields);
  ports.meter.count('LaneStopped', 1, { lane: session.lane().lane });
  await session.save({
    working: undefined,
    turn: undefined,
    stopped: {
      ...{ code: fault.code, sentence, since: stopped?.since ?? now, tries, probeAt: now + delayMs, alarmed: true },
      ...(isOwn && { tenants: [...standing, tenant] }),
    },
  });
  return { kind: 'wait', delayMs, reason: fault.code };
}

function backoff({ timing, ...ports }: ApplyPorts, tries: number, retryAfterMs = 0): number {
  const ms = Math.min(timing.deferMinMs * 2 ** (tries - 1), timing.deferMaxMs);
  return Math.max(retryAfterMs, Math.min(jitter(ports, ms), timing.deferMaxMs));
}
