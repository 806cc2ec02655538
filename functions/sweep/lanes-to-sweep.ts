import { type Lane, laneName } from '../../shared/domain/lane/change-ref.ts';
import type { LaneList } from '../../shared/ports/known-lanes.ts';
import type { SweepPorts } from './ports.ts';

type Known = LaneList['lanes'][number];

/**
 * The configured lanes and the formerly configured ones: changes that were open when their tenant was edited or removed
 * must be settled too. The first sweep that reads a lane in the configuration stores it. Rejects as the ledger does.
 */
export async function lanesToSweep({
  knownLanes,
  configuration,
}: Pick<SweepPorts, 'knownLanes' | 'configuration'>): Promise<Lane[]> {
  const known = await knownLanes.read();
  const isKnown = (one: Known) => known.lanes.some(({ tenant, lane }) => tenant === one.tenant && lane === one.lane);
  const configured = Object.entries(configuration.tenants).map(([name, one]) => ({
    tenant: name,
    lane: laneName(one),
  }));
  const lanes = [...known.lanes, ...configured.filter((one) => !isKnown(one))];
  // If another sweep wrote meanwhile, the next sweep adds the missing lanes.
  if (lanes.length > known.lanes.length) await knownLanes.write({ ...known, lanes }, known.version);
  return [...new Set(lanes.map(({ lane }) => lane))];
}
