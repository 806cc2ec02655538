import { type Lane, laneName } from '../../shared/domain/lane/change-ref.ts';
import type { LaneList } from '../../shared/ports/known-lanes.ts';
import type { SweepPorts } from './ports.ts';

type Known = LaneList['lanes'][number];

/**
 * The configured lanes, and those that were configured once: what was open there when its tenant was edited or removed must
 * come to an end too. Each lane is remembered by the first sweep that sees it. Rejects as the ledger does.
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
  // Where another sweep wrote meanwhile, the next one adds what is missing.
  if (lanes.length > known.lanes.length) await knownLanes.write({ ...known, lanes }, known.version);
  return [...new Set(lanes.map(({ lane }) => lane))];
}
