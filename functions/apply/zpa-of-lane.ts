import { notOfLane } from '../../shared/domain/lane-tenants.ts';
import type { Zpa } from '../../shared/ports.ts';
import type { ApplyPorts } from './apply-ports.ts';
import type { LaneSession } from './lane-lease.ts';

/** The tenant's client, for work of this lane only: whoever asks has settled what is not the tenant's any more. */
export function zpaOfLane(ports: ApplyPorts, session: LaneSession, tenant: string): Zpa {
  const why = notOfLane(ports.configuration, tenant, session.lane().lane);
  if (why !== undefined) throw new Error(`nothing is sent: ${why}`);
  return ports.zpaFor(tenant, session.limiter);
}
