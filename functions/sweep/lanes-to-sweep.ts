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

/**
 * Puts these lanes at the front of the stored list, so that the next sweep takes them first. Best effort: without it they
 * keep their place. Rejects as the ledger does.
 */
export async function takeFirstNextTime(
  { knownLanes }: Pick<SweepPorts, 'knownLanes'>,
  missed: readonly Lane[],
): Promise<void> {
  const known = await knownLanes.read();
  const isMissed = ({ lane }: Known) => missed.includes(lane);
  const lanes = [...known.lanes.filter(isMissed), ...known.lanes.filter((one) => !isMissed(one))];
  await knownLanes.write({ ...known, lanes }, known.version);
}
