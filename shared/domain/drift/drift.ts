import type { ZpaFault } from '../group/group.ts';

/** The prefix of all reports' keys in the bucket; the function `drift` may write under it and nowhere else. */
export const REPORTS_BEGIN = 'drift/';

/**
 * The drift report: the differences between a lane's live segment groups and the state that tickets approved.
 * `drift-compare.ts` makes it, `drift-report.ts` renders it. A change that breaks readers increases `schemaVersion`.
 */
export type DriftReport = {
  schemaVersion: 1;
  lane: string;
  /** Configured tenants of this lane. */
  tenants: string[];
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  /** false: a read failed; the findings of kind `not-checked` say which. */
  complete: boolean;
  coverage: Coverage;
  findings: Finding[];
  /** Names of the applications that findings mention, as far as they could be read. */
  applicationNames: Record<string, string>;
};

/** Numbers of groups. managed = inSync + drifted + inFlight + notChecked; live = those read in ZPA. */
export type Coverage = {
  live: number;
  /** Groups that tickets approved and did not delete. */
  managed: number;
  unmanaged: number;
  inSync: number;
  drifted: number;
  /** They differ, but changes are in flight on them: no alarm. */
  inFlight: number;
  notChecked: number;
  /** Groups that a ticket deleted and that exist again. */
  resurrected: number;
};

/** The last writer of the group according to ZPA: a hint, not proof that this writer caused the difference. */
export type LastWriter = {
  /** Id of an admin or API client. */
  id: string;
  /** ISO 8601. */
  at?: string;
  /** Whether it is this product's own API client; absent if that is not known. */
  ours?: boolean;
};

/** The change that approved the compared state. */
export type Approval = { key: string; source: string; ticket: string; at: string };

type OfGroup = {
  groupId: string;
  /** '' if it is not known. */
  name: string;
  microtenantId: string;
  /** Changes on this group that were open or settled while the report was made; 0: the finding is drift. */
  pending: number;
};

type Managed = OfGroup & { tenant: string; approval: Approval };

export type FieldDrift = { field: 'name' | 'description' | 'enabled'; desired: string; live: string; key: string };

export type Finding =
  /** Tickets approved it and ZPA does not have it: its listing lacks it, and a read by id confirmed that. */
  | (Managed & {
      kind: 'missing';
      /** The id of a live group of the same name that no ticket touched: it was probably deleted and created again. */
      sameName?: string;
    })
  | (Managed & { kind: 'changed'; differences: FieldDrift[]; lastWriter?: LastWriter })
  /** Application ids, sorted: only those that tickets named, unless one stated the complete membership. */
  | (Managed & { kind: 'membership'; added: string[]; removed: string[]; lastWriter?: LastWriter })
  /** A ticket deleted it, and it exists again: under its id, or under its name with a new id. */
  | (Managed & { kind: 'resurrected'; deletedId: string; lastWriter?: LastWriter })
  | (OfGroup & { kind: 'unmanaged'; enabled: boolean; applicationCount: number; lastWriter?: LastWriter })
  /** It could not be read, so it was not compared. */
  | {
      kind: 'not-checked';
      tenant: string;
      /** Absent: all of the tenant. */
      microtenantId?: string;
      /** Set if only this group could not be read. */
      groupId?: string;
      code: string;
      reason: string;
      /** The number of managed groups that were not compared because of it. */
      groups: number;
    };

export type FindingKind = Finding['kind'];
export const FINDING_KINDS = ['missing', 'changed', 'membership', 'resurrected', 'unmanaged', 'not-checked'] as const;

/** Why a read failed. */
export type ReadFailure = Pick<ZpaFault, 'code'> & { reason: string };

/** Whether a finding needs a person: it is not unmanaged, not unchecked, and no change is in flight on it. */
export function isDrift(finding: Finding): boolean {
  return finding.kind !== 'not-checked' && finding.kind !== 'unmanaged' && finding.pending === 0;
}

/** The number of findings of each kind, zeros included. */
export function countFindings(findings: readonly Finding[]): Record<FindingKind, number> {
  const counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;
  for (const finding of findings) counts[finding.kind] += 1;
  return counts;
}
