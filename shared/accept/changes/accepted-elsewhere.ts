import type { AcceptPorts } from './accept-ports.ts';
import type { AskedChange } from './read-changes.ts';

/**
 * Those of these new changes whose key the ledger holds for a customer that their tenant had before: what was approved for
 * that one is not accepted anew for another, whoever brings it again.
 */
export async function acceptedElsewhere(
  { ledger, knownLanes }: Pick<AcceptPorts, 'ledger' | 'knownLanes'>,
  fresh: readonly AskedChange[],
): Promise<AskedChange[]> {
  if (fresh.length === 0) return [];
  const { lanes } = await knownLanes.read();
  const found = await Promise.all(
    fresh.map(async ({ ref }) => {
      const before = lanes.filter(({ tenant, lane }) => tenant === ref.tenant && lane !== ref.lane);
      const records = await Promise.all(before.map(({ lane }) => ledger.readChange({ ...ref, lane })));
      return records.some((record) => record !== undefined);
    }),
  );
  return fresh.filter((_, index) => found[index]);
}
