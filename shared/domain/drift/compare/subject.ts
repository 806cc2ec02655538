import type { GroupReading } from '../../group/group.ts';
import type { Approver, DesiredGroup } from '../../records/desired-group.ts';
import { knownName } from '../../records/desired-group.ts';
import { findingId } from '../finding-id.ts';
import type { Approval, Facet, Finding, GroupRef, Writer } from '../report.ts';
import type { LiveTenant } from './live-tenant.ts';
import type { AtWork } from './work-under-way.ts';

/** All findings of one report share this. */
export type Comparison = {
  lane: string;
  /** ISO 8601: when the report began. */
  startedAt: string;
  desired: readonly DesiredGroup[];
  live: LiveTenant;
  atWork: AtWork;
  writerOf: (stamp: Stamp | undefined, of: Writer['of'], settledAt: readonly number[]) => Writer | undefined;
};

/** ZPA's note of the last writer; `modifiedTime` in epoch seconds. */
export type Stamp = { modifiedBy?: string | undefined; modifiedTime?: number | undefined };

/** The group that a finding is about: as tickets approved it, as it lives, or both. */
export type Subject = { desired?: DesiredGroup | undefined; found?: GroupReading | undefined };

export type Difference = Pick<Finding, 'kind' | 'facet' | 'before' | 'after'> &
  Partial<Pick<Finding, 'application' | 'from' | 'to' | 'deletedId' | 'writer'>> & { approver?: Approver | undefined };

/** One finding without state over time: it is new, or changes are at work on it. */
export function findingOf(
  comparison: Comparison,
  group: Finding['group'],
  about: Subject,
  difference: Difference,
): Finding {
  const { lane, startedAt, atWork } = comparison;
  const { approver, ...rest } = difference;
  const { desired, found } = about;
  const names = [desired?.name?.value, desired?.seenName?.value, found?.name].filter((name) => name !== undefined);
  const { id, microtenantId } = group;
  const pending = atWork({ id, names, microtenantId }, difference.facet, difference.application);
  return {
    id: findingId(lane, id, difference.facet),
    ...rest,
    state: pending > 0 ? 'in-flight' : 'new',
    since: { upTo: startedAt },
    group,
    ...(approver && { approval: approvalOf(approver) }),
    access: altersAccess(difference.facet) ? NOT_READ : { read: 'not-needed' },
    ...(pending > 0 && { pending }),
  };
}

const NOT_READ = { read: 'not-read', reason: 'The policy rules were not read.' } as const;

/** True if a difference in this facet can give people access, or take it. */
const altersAccess = (facet: Facet) => facet !== 'name' && facet !== 'description';

const approvalOf = ({ key, source, ticket, at }: Approver): Approval => ({
  key,
  source,
  ticket,
  at: new Date(at).toISOString(),
});

/** A desired group as findings name it. */
export function managedGroup(group: DesiredGroup, found?: GroupReading): Finding['group'] {
  const { groupId: id, microtenantId, tenant } = group;
  return { id, name: group.name?.value ?? found?.name ?? knownName(group) ?? '', microtenantId, tenant };
}

/** A live group as findings name it. */
export function liveGroup({ live, lane }: Comparison, { id, name, microtenantId }: GroupReading): Finding['group'] {
  return { id, name, microtenantId, tenant: live.tenantOf(id) ?? lane };
}

export const refOf = ({ id, name }: GroupRef): GroupRef => ({ id, name });

/** Instants (epoch ms) at which changes of this group were settled. */
const settledAt = ({ approvals, last }: DesiredGroup): number[] => [
  last.at,
  ...Object.values(approvals ?? {}).map(({ at }) => at),
];

/** The writer of the group, as far as ZPA names it. */
export function groupWriter({ writerOf }: Comparison, found: GroupReading, desired?: DesiredGroup) {
  const writer = writerOf(found, 'group', desired === undefined ? [] : settledAt(desired));
  return writer === undefined ? {} : { writer };
}
