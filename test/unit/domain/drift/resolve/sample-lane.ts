import type { Approval, Facet, Finding } from '../../../../../shared/domain/drift/report.ts';
import { laneStateOf } from '../../../../../shared/domain/drift/resolve/lane-state.ts';
import type { LaneState } from '../../../../../shared/domain/drift/resolve/resolution.ts';
import type { SegmentGroup } from '../../../../../shared/domain/group/group.ts';
import type { DesiredGroup } from '../../../../../shared/domain/records/desired-group.ts';

/** A lane, its findings and what tickets approved; each test names only what it is about. */

export const APPROVAL: Approval = {
  key: 'CHG1/1@A',
  source: 'servicenow',
  ticket: 'CHG1',
  at: '2026-11-12T09:12:00.000Z',
};

/** A finding of group 10, whose id is derived from its group and facet. */
export function aFinding(facet: Facet, kind: Finding['kind'], over: Partial<Finding> = {}): Finding {
  const group = { id: '10', name: 'Web', microtenantId: '0', tenant: 'acme', ...over.group };
  const application = facet.startsWith('app:') ? { application: { id: facet.slice(4), name: 'wiki' } } : {};
  return {
    id: `D-${group.id}-${facet}`,
    facet,
    kind,
    state: 'new',
    since: { upTo: '2026-12-01T06:00:00.000Z' },
    before: 'before',
    after: 'after',
    approval: APPROVAL,
    access: { read: 'not-needed' },
    ...application,
    ...over,
    group,
  };
}

/** A group of which a ticket stated everything. */
export function aDesired(groupId: string, over: Partial<DesiredGroup> = {}): DesiredGroup {
  const approved = <T>(value: T) => ({ value, sequence: 5, key: 'CHG1/1@A' });
  return {
    version: 1,
    lane: 'PRODUCTION:1',
    tenant: 'acme',
    microtenantId: '0',
    groupId,
    name: approved('Web'),
    description: approved('approved text'),
    enabled: approved(true),
    members: {},
    complete: 5,
    last: { key: 'CHG1/1@A', source: 'servicenow', ticket: 'CHG1', at: 0, sequence: 5 },
    ...over,
  };
}

type Read = { groups?: SegmentGroup[]; desired?: DesiredGroup[]; applicationIds?: string[] };

export function aLane({ groups = [], desired = [], applicationIds }: Read): LaneState {
  const tenants = { acme: { microtenants: {} }, split: { microtenants: { north: '71', south: '72' } } };
  return laneStateOf({ groups, desired, applicationIds }, { tenants });
}
