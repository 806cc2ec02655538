import { lookup } from '../../configuration/lookup.ts';
import type { SegmentGroup } from '../../group/group.ts';
import type { DesiredGroup } from '../../records/desired-group.ts';
import type { LaneState, MicrotenantName } from './resolution.ts';

type Read = {
  groups: Iterable<SegmentGroup>;
  desired: Iterable<DesiredGroup>;
  /** undefined: they were not read. */
  applicationIds: Iterable<string> | undefined;
};

/** The part of the settings that names microtenants. */
type Tenants = { tenants: Record<string, { microtenants: Record<string, string> }> };

/** The state of a lane from what was read of it, and from the names that the settings give its microtenants. */
export function laneStateOf({ groups, desired, applicationIds }: Read, configuration: Tenants): LaneState {
  return {
    groups: new Map([...groups].map((group) => [group.id, group])),
    desired: new Map([...desired].map((group) => [group.groupId, group])),
    applicationIds: applicationIds && new Set(applicationIds),
    microtenantOf: (tenant, microtenantId) => microtenantName(configuration, tenant, microtenantId),
  };
}

/** Without configured microtenants a change is about the Default one, whose id is '0'. */
function microtenantName({ tenants }: Tenants, tenant: string, microtenantId: string): MicrotenantName {
  const microtenants = Object.entries(lookup(tenants, tenant)?.microtenants ?? {});
  if (microtenants.length === 0) return microtenantId === '0' ? { configured: true, named: undefined } : UNKNOWN;
  const [named] = microtenants.find(([, id]) => id === microtenantId) ?? [];
  return named === undefined ? UNKNOWN : { configured: true, named };
}

const UNKNOWN: MicrotenantName = { configured: false };
