import type { ZpaFault } from '../group/group.ts';

/** Keys of all reports in the bucket begin with it; the function `drift` may write nothing else there. */
export const REPORTS_BEGIN = 'drift/';

/**
 * The drift report: where a lane's live segment groups differ from what tickets approved. `drift-compare.ts` makes it,
 * `drift-report.ts` renders it. schemaVersion grows when a reader would have to change.
 */
export type DriftReport = {
  schemaVersion: 1;
  lane: string;
  /** Configured tenants of this lane. */
  tenants: string[];
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  /** false: something could not be read, see the findings of kind `not-checked`. */
  complete: boolean;
  coverage: Coverage;
  findings: Finding[];
  /** Names of the applications that findings mention, as far as they could be read. */
  applicationNames: Record<string, string>;
};

/** Counts of groups. managed = inSync + drifted + inFlight + notChecked; live = those read in ZPA. */
export type Coverage = {
  live: number;
  /** Groups tickets approved and did not delete. */
  managed: number;
  unmanaged: number;
  inSync: number;
  drifted: number;
  /** They differ, but changes are under way on them: no alarm. */
  inFlight: number;
  notChecked: number;
  /** Groups a ticket deleted that live again. */
  resurrected: number;
};

/** Who wrote the group last, as ZPA says: a hint, not a proof that this writer made the difference. */
export type LastWriter = {
  /** Id of an admin or API client. */
  id: string;
  /** ISO 8601. */
  at?: string;
  /** It is this product's own API client; absent where that is not known. */
  ours?: boolean;
};

/** The change that approved what is compared. */
export type Approval = { key: string; source: string; ticket: string; at: string };

type OfGroup = {
  groupId: string;
  /** '' where nobody ever said it. */
  name: string;
  microtenantId: string;
  /** Open changes on this group while the report was made, or settled during it; 0: the finding stands. */
  pending: number;
};

type Managed = OfGroup & { tenant: string; approval: Approval };

export type FieldDrift = { field: 'name' | 'description' | 'enabled'; desired: string; live: string; key: string };

export type Finding =
  /** Tickets approved it, ZPA does not have it: the list lacks it and a read of its id said so. */
  | (Managed & {
      kind: 'missing';
      /** A live group, in no ticket, with the same name: probably deleted and made anew. */
      sameName?: string;
    })
  | (Managed & { kind: 'changed'; differences: FieldDrift[]; lastWriter?: LastWriter })
  /** Application ids, sorted. Only what tickets named, unless one stated the whole membership. */
  | (Managed & { kind: 'membership'; added: string[]; removed: string[]; lastWriter?: LastWriter })
  /** A ticket deleted it, and it lives: under its id, or a new one under its name. */
  | (Managed & { kind: 'resurrected'; deletedId: string; lastWriter?: LastWriter })
  | (OfGroup & { kind: 'unmanaged'; enabled: boolean; applicationCount: number; lastWriter?: LastWriter })
  /** Could not be read, so nothing is said about it. */
  | {
      kind: 'not-checked';
      tenant: string;
      /** Absent: the whole tenant. */
      microtenantId?: string;
      /** Set when only this group could not be read. */
      groupId?: string;
      code: string;
      reason: string;
      /** Managed groups nothing can be said about because of it. */
      groups: number;
    };

export type FindingKind = Finding['kind'];
export const FINDING_KINDS = ['missing', 'changed', 'membership', 'resurrected', 'unmanaged', 'not-checked'] as const;

/** Why a read did not happen. */
export type ReadFailure = Pick<ZpaFault, 'code'> & { reason: string };

/** A finding that calls for somebody: not merely unmanaged, unread, or being worked on. */
export function isDrift(finding: Finding): boolean {
  return finding.kind !== 'not-checked' && finding.kind !== 'unmanaged' && finding.pending === 0;
}

/** How many findings of each kind, zeros included. */
export function countFindings(findings: readonly Finding[]): Record<FindingKind, number> {
  const counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;
  for (const finding of findings) counts[finding.kind] += 1;
  return counts;
}
