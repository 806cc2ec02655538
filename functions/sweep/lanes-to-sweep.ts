import { type Lane, lanesOf } from '../../shared/domain/lane.ts';
import type { SweepPorts } from './sweep-lanes.ts';

/**
 * The configured lanes, and those that were configured once: what was open there when its tenant was edited or removed must
 * come to an end too. Each lane is remembered by the first sweep that sees it. Rejects as the ledger does.
 */
export async function lanesToSweep({
  knownLanes,
  configuration,
}: Pick<SweepPorts, 'knownLanes' | 'configuration'>): Promise<Lane[]> {
  const known = await knownLanes.read();
  const lanes = [...new Set([...lanesOf(configuration).keys(), ...known.lanes])];
  // Where another sweep wrote meanwhile, the next one adds what is missing.
  if (lanes.length > known.lanes.length) await knownLanes.write({ ...known, lanes }, known.version);
  return lanes;
}
