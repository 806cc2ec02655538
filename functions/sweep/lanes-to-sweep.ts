import { isDeepStrictEqual } from 'node:util';
import { type Lane, laneName } from '../../shared/domain/lane/change-ref.ts';
import type { LaneList } from '../../shared/ports/known-lanes.ts';
import type { SweepPorts } from './ports.ts';

type Known = LaneList['lanes'][number];

/**
 * The configured lanes and the formerly configured ones: changes that were open when their tenant was edited or removed
 * must be settled too. The first sweep that reads a lane in the configuration stores it; it stores sources as well, so that a
 * renamed one does not accept its tickets anew. Rejects as the ledger does.
 */
export async function lanesToSweep({
  knownLanes,
  configuration,
}: Pick<SweepPorts, 'knownLanes' | 'configuration'>): Promise<Lane[]> {
  const known = await knownLanes.read();
  const configured = Object.entries(configuration.tenants).map(([tenant, one]) => ({ tenant, lane: laneName(one) }));
  const systems = Object.entries(configuration.sources).map(([source, { system }]) => ({ source, system }));
  const lanes = joinLists(known.lanes, configured);
  const sources = joinLists(known.sources ?? [], systems);
  // If another sweep wrote meanwhile, the next sweep adds what is missing.
  if (lanes.length > known.lanes.length || sources.length > (known.sources?.length ?? 0))
    await knownLanes.write({ ...known, lanes, sources }, known.version);
  return [...new Set(lanes.map(({ lane }) => lane))];
}

/** The known entries in their order, then those of the configuration that are not among them. */
function joinLists<T>(known: readonly T[], configured: readonly T[]): T[] {
  return [...known, ...configured.filter((one) => !known.some((other) => isDeepStrictEqual(one, other)))];
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
