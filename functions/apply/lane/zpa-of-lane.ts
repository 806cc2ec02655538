import { laneMismatch } from '../../../shared/domain/lane/lane-tenants.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import type { LaneHold } from './lane-hold.ts';
import { refuseOlderReads } from './refuse-older-reads.ts';

/**
 * The tenant's ZPA client, for this lane only; it refuses reads that are older than what the lane has seen. Callers have
 * already settled changes whose tenant left the lane: for those it throws.
 */
export function zpaOfLane(hold: LaneHold, tenant: string): Zpa {
  const { ports, session } = hold;
  const why = laneMismatch(ports.configuration, tenant, session.lane().lane);
  if (why !== undefined) throw new Error(`nothing is sent: ${why}`);
  return refuseOlderReads(hold, ports.zpaFor(tenant, session.limiter));
}
