import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { zpaFaultOf } from '../../../shared/ports/zpa-fault.ts';
import { faultRowOf } from '../../../shared/zpa/http/faults.ts';
import type { LaneEnd, LaneWork } from '../lane/lane-hold.ts';
import { waitInPlace } from '../lane/wait-in-place.ts';
import { limitedOf } from './count-tries.ts';
import { stopLane } from './stop-lane.ts';

/** Faults and limits of the tenant: an unrelated read tells them from those of a change, and the lane waits for them. */
export type FaultContext = LaneWork & { zpa: Zpa };

/**
 * The fault for which the tenant's lane stops; undefined: the error is about the change. ZPA cannot have looked at the
 * request, or fails an unrelated read too.
 */
export async function findTenantFault(context: FaultContext, fault: ZpaFault): Promise<ZpaFault | undefined> {
  const isSuspicious = fault.class === 'unknown' || (fault.status ?? 0) >= 500;
  if (fault.scope === 'change' && !isSuspicious) return undefined;
  if (fault.scope !== 'change' && !isSuspicious && isBeforeRequest(fault)) return fault;
  return probe(context, fault);
}

/** A sign-in, a connection, a limit: ZPA cannot have looked at the request, so it is not about the group of the request. */
export const isBeforeRequest = ({ code }: ZpaFault): boolean => faultRowOf(code).effect === 'none';

/** No change is at fault: the lane waits. `tenant`: the one whose change met the fault. */
export async function waitForTenant(
  context: FaultContext,
  fault: ZpaFault,
  tenant?: string,
): Promise<LaneEnd | undefined> {
  if (fault.code === 'rate-limited') return pauseForRateLimit(context, fault);
  if (fault.code === 'aborted') return { kind: 'again' };
  return stopLane(context, fault, tenant);
}

/**
 * An unrelated read. Returns its fault, or undefined if it succeeds. If ZPA asks for a silence that is too long to wait in place,
 * the fault itself is the tenant's: the read would wait until the invocation ends, in each invocation anew.
 */
export async function probe(
  { ports, session, zpa, invocation }: FaultContext,
  fault?: ZpaFault,
): Promise<ZpaFault | undefined> {
  const waitMs = session.budgetFreeAt({ reads: 1, writes: 0 }) - ports.clock.now();
  if (fault !== undefined && waitMs >= ports.timing.waitInPlaceMs) return fault;
  return zpa.probe({ signal: invocation.signal }).then(() => undefined, zpaFaultOf);
}

/**
 * Reads something unrelated before a change is tried again that has met several 429s in a row. If that meets one too, the tenant is
 * limited: the count and the turn of the change begin anew. Returns an end of work on the lane, or undefined to go on.
 */
export async function pauseIfLimited(context: FaultContext & { records: readonly ChangeRecord[] }, intent?: Intent) {
  const { session, records } = context;
  if (limitedOf(session.lane(), records, intent).tries < 2) return undefined;
  const fault = await probe(context);
  if (fault?.code !== 'rate-limited') return undefined;
  session.stage({ limited: undefined, turn: undefined });
  return pauseForRateLimit(context, fault);
}

/**
 * ZPA answered 429: nothing is sent before the pause is over. Returns an end of work on the lane, or undefined to go on.
 */
export async function pauseForRateLimit(
  context: LaneWork,
  fault: ZpaFault,
  pause = fault.retryAfterMs ?? context.ports.timing.budgetWindowMs,
): Promise<LaneEnd | undefined> {
  const { ports, session } = context;
  session.limiter.obey(pause);
  ports.meter.count('RateLimited', 1, { lane: session.lane().lane });
  return waitInPlace(context, ports.clock.now() + pause, fault.code);
}
