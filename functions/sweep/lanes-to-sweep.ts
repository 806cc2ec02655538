import { type Lane, lanesOf } from '../../shared/domain/lane/change-ref.ts';
import type { SweepPorts } from './ports.ts';

/**
 * The lanes in which a change was ever accepted, and the configured ones: changes that were open when their tenant was
 * edited or removed must be settled too. Rejects as the ledger does.
 */
export async function lanesToSweep({
  knownLanes,
  configuration,
}: Pick<SweepPorts, 'knownLanes' | 'configuration'>): Promise<Lane[]> {
  const { lanes } = await knownLanes.read();
  return [...new Set([...lanes.map(({ lane }) => lane), ...lanesOf(configuration).keys()])];
}

/**
 * Puts these lanes in their order at the front of the stored list, so that the next sweep takes them first. Best
 * effort: without it they keep their place. Rejects as the ledger does.
 */
export async function takeFirstNextTime(
  { knownLanes }: Pick<SweepPorts, 'knownLanes'>,
  missed: readonly Lane[],
): Promise<void> {
  const known = await knownLanes.read();
  const first = missed.flatMap((lane) => known.lanes.filter((one) => one.lane === lane));
  const lanes = [...first, ...known.lanes.filter((one) => !first.includes(one))];
  await knownLanes.write({ ...known, lanes }, known.version);
}
