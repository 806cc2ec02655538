import { laneMismatch } from '../../../shared/domain/lane/lane-tenants.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import type { LaneSession } from './lane-session.ts';
import type { ApplyPorts } from './ports.ts';
import { refuseOlderReads } from './refuse-older-reads.ts';

/**
 * The tenant's ZPA client, for this lane only; it refuses reads that are older than what the lane has seen. Callers have
 * already settled changes whose tenant left the lane: for those it throws.
 */
export function zpaOfLane(ports: ApplyPorts, session: LaneSession, tenant: string): Zpa {
  const why = laneMismatch(ports.configuration, tenant, session.lane().lane);
  if (why !== undefined) throw new Error(`nothing is sent: ${why}`);
  return refuseOlderReads(ports, session, ports.zpaFor(tenant, session.limiter));
}
