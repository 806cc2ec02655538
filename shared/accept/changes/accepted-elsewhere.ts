import type { AcceptPorts } from './accept-ports.ts';
import type { RequestedChange } from './read-changes.ts';

/**
 * Finds those of the new changes whose key the ledger holds for a ZPA customer that their tenant had before: an approval
 * for that customer is no approval for the present one.
 */
export async function acceptedElsewhere(
  { ledger, knownLanes }: Pick<AcceptPorts, 'ledger' | 'knownLanes'>,
  fresh: readonly RequestedChange[],
): Promise<RequestedChange[]> {
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
