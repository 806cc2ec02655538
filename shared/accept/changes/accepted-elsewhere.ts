import { lookup } from '../../domain/configuration/lookup.ts';
import { isSameSystem } from '../../domain/configuration/shared-ticket-systems.ts';
import { type ChangeRef, laneName } from '../../domain/lane/change-ref.ts';
import { type TenantLane, tenantLanesOf } from '../../ledger/tenant-lanes.ts';
import type { LaneList } from '../../ports/known-lanes.ts';
import type { AcceptPorts } from './accept-ports.ts';
import type { RequestedChange } from './read-changes.ts';

type Configured = Pick<AcceptPorts['configuration'], 'tenants' | 'sources'>;

/**
 * Finds those of the new changes whose key the ledger holds for a ZPA customer that their tenant had before, or under a
 * former name of their tenant, or by another source of the same ticket system: an approval for that customer is no approval
 * for the present one, and an approval that was accepted under another name is spent.
 */
export async function acceptedElsewhere(
  { ledger, knownLanes, configuration }: Pick<AcceptPorts, 'ledger' | 'knownLanes' | 'configuration'>,
  fresh: readonly RequestedChange[],
): Promise<RequestedChange[]> {
  if (fresh.length === 0) return [];
  const known = await knownLanes.read();
  const lanes = tenantLanesOf(configuration, known);
  const found = await Promise.all(
    fresh.map(async ({ ref }) => {
      const records = await Promise.all(
        formerRefs(configuration, lanes, known, ref).map((one) => ledger.readChange(one)),
      );
      return records.some((record) => record !== undefined);
    }),
  );
  return fresh.filter((_, index) => found[index]);
}

/**
 * The refs that the same change would have had. Only tickets are the same under another name, or for another tenant: a
 * source that sends its own keys numbers them for itself and for each tenant.
 */
function formerRefs(
  configuration: Configured,
  lanes: readonly TenantLane[],
  known: LaneList,
  ref: ChangeRef,
): ChangeRef[] {
  const isTicket = lookup(configuration.sources, ref.source)?.mapping !== undefined;
  const scopes = known.lanes.filter(({ tenant, lane }) =>
    tenant === ref.tenant
      ? lane !== ref.lane
      : isTicket && lane === ref.lane && !isConfigured(configuration, tenant, lane),
  );
  const others = isTicket ? sourcesOfSystem(configuration, known, ref) : [];
  return [
    ...scopes.map((scope) => ({ ...ref, ...scope })),
    ...others.flatMap((source) => lanes.map((scope) => ({ ...ref, ...scope, source }))),
  ];
}

function isConfigured({ tenants }: Configured, name: string, lane: string): boolean {
  const tenant = lookup(tenants, name);
  return tenant !== undefined && laneName(tenant) === lane;
}

/** Names of other sources that stand for the same ticket system, or stood for it once: its tickets may move between them. */
function sourcesOfSystem({ sources }: Configured, { sources: known = [] }: LaneList, { source }: ChangeRef): string[] {
  const system = lookup(sources, source)?.system ?? '';
  return known.filter((one) => one.source !== source && isSameSystem(one.system, system)).map((one) => one.source);
}
