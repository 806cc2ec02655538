import type { DriftInput } from '../../../../../shared/domain/drift/compare/compare-drift.ts';
import type { ApplicationListing, GroupListing } from '../../../../../shared/domain/drift/compare/readings.ts';
import type { Finding } from '../../../../../shared/domain/drift/report.ts';
import type { Application, GroupReading } from '../../../../../shared/domain/group/group.ts';
import type { DesiredGroup } from '../../../../../shared/domain/records/desired-group.ts';
import { approvedFor, liveGroup, reportOf, settledWith } from '../../ledger-items.ts';

/** Short forms for the tests of the comparison. */

type Fields = { name?: string; description?: string; enabled?: boolean };

/** A settled create: it states everything. */
export const created = (sequence: number, id: string, name: string, exactly: string[] = [], over: Fields = {}) =>
  settledWith(
    sequence,
    approvedFor(id, {
      fields: { name, description: '', enabled: true, ...over },
      members: { has: [], hasNot: [], exactly },
    }),
  );

/** A settled update. */
export const stated = (sequence: number, id: string, fields: Fields, has: string[] = [], hasNot: string[] = []) =>
  settledWith(sequence, approvedFor(id, { fields, members: { has, hasNot } }));

export const removedBy = (sequence: number, id: string) => settledWith(sequence, approvedFor(id, { deleted: true }));

export const live = (id: string, name: string, applicationIds: string[] = [], over: Partial<GroupReading> = {}) =>
  liveGroup(id, { name, applicationIds, ...over });

/** An application segment as the list of applications shows it. */
export const application = (id: string, segmentGroupId?: string, over: Partial<Application> = {}): Application => ({
  id,
  name: `app-${id}`,
  enabled: true,
  microtenantId: '0',
  segmentGroupId,
  segmentGroupName: segmentGroupId === undefined ? undefined : `Group ${segmentGroupId}`,
  ...over,
});

export const listOf = (...applications: Application[]): ApplicationListing[] => [
  { tenant: 'umbrella', microtenantId: undefined, result: { applications } },
];

export const listing = (
  microtenantId: string | undefined,
  groups: GroupReading[],
  over: Partial<GroupListing> = {},
): GroupListing => ({
  tenant: 'umbrella',
  microtenantId,
  result: { groups },
  ...over,
});

/** The findings, each in one line: kind, group, facet, and from where or to where. */
export function told(
  desired: readonly DesiredGroup[],
  groups: GroupReading[],
  over: Partial<DriftInput> = {},
): string[] {
  return reportOf(desired, groups, over).findings.map(lineOf);
}

export function lineOf({ kind, group, facet, from, to, deletedId }: Finding): string {
  const place = to === undefined ? '' : ` to ${typeof to === 'object' ? to.id : to}`;
  const deleted = deletedId === undefined ? '' : ` deleted as ${deletedId}`;
  return `${kind} ${group.id} ${facet}${from === undefined ? '' : ` from ${from.id}`}${place}${deleted}`;
}
