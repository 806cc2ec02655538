/**
 * The drift report, version 2: every difference between a lane's live segment groups and the state that tickets approved,
 * one finding per event. `compare-drift.ts` finds them, `carry-over.ts` gives them their state from report to report, and
 * `render/` shows them. A change that breaks readers increases `schemaVersion`; `docs/drift-report.schema.json` is its schema.
 */
export type DriftReport = {
  schemaVersion: 2;
  lane: string;
  /** Configured tenants of this lane. */
  tenants: string[];
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  /** false: something could not be read; `notChecked` says what. */
  complete: boolean;
  /**
   * Ids of the only microtenants that were asked for, because the settings name these: nothing is said of any other. Absent:
   * the report covers all that the API clients see.
   */
  onlyMicrotenants?: string[];
  coverage: Coverage;
  /** By harm: first what opens access, then what interrupts it, then the rest; `new` before `still`. */
  findings: Finding[];
  /** The report says nothing about these, because they could not be read. */
  notChecked: NotChecked[];
  /** Findings of the last report that this one, having read their group, no longer has. */
  closed: ClosedFinding[];
  /**
   * Findings of earlier reports whose group this one could not read, as they were last seen: they are neither there nor
   * closed.
   */
  unchecked?: Finding[];
  /** Live groups that no ticket touched, the most recently written first. */
  unmanaged: UnmanagedGroup[];
  /** One entry per report, the oldest first, at most 90; the last one is this report. */
  history: HistoryEntry[];
  /** Says why `since` and `history` begin with this report; absent: they were carried over. */
  startedAfresh?: 'no-earlier-report' | 'earlier-report-unreadable';
};

/**
 * Numbers of groups. live = managed ones that live (also under a new id) + resurrected ones + unmanaged + foreign. managed =
 * fullyStated + partlyStated + the managed ones of notChecked.
 */
export type Coverage = {
  /** Groups read in ZPA. */
  live: number;
  /** Groups that tickets approved and did not delete. */
  managed: number;
  /** Checked groups of which tickets stated name, description, enabled and the complete membership. */
  fullyStated: number;
  /** Checked groups of which tickets stated only a part: the rest may be as it likes. */
  partlyStated: number;
  /** Live groups without a ticket, of the patterns `owned` or `watched` or of no pattern. */
  unmanaged: number;
  /** Live groups without a ticket that the pattern `foreign` names. */
  foreign: number;
  /** Managed groups that could not be read, and listed objects that could not be parsed. */
  notChecked: number;
  /** Checked groups with a finding of state `new` or `still`. */
  drifted: number;
};

/** The part of a group that a finding is about. */
export type Facet = 'exists' | 'name' | 'description' | 'enabled' | `app:${string}`;

export type FindingKind =
  /** Tickets approved the group and ZPA does not have it. `live.now` says where a group of its name lives, if one does. */
  | 'missing'
  /** A ticket deleted the group, and it lives: under its id, or under its name with a new id. */
  | 'resurrected'
  /** Name, description or enabled is not as approved. */
  | 'changed'
  /** An application segment is in the group without approval; `from`: the group it was approved into, if any. */
  | 'added'
  /** An approved application segment is no longer in the group; `to`: where it is now. */
  | 'removed'
  /** A live group that no ticket touched has a name that the pattern `owned` reserves for tickets. Its facet is `exists`. */
  | 'unmanaged';

export type FindingState = 'new' | 'still' | 'ignored' | 'in-flight';

export type GroupRef = { id: string; name: string };

/**
 * One difference. `id` depends on lane, group id and facet alone, so it stays the same from report to report.
 */
export type Finding = {
  /** `D-` and eight characters of sha256 over lane, group id and facet. */
  id: string;
  facet: Facet;
  kind: FindingKind;
  state: FindingState;
  /**
   * It arose after the report `after` and at the latest at `upTo`. Without `after` it is as old as the first report.
   * ISO 8601.
   */
  since: { after?: string; upTo: string };
  /** For `resurrected` and `unmanaged` the live group; otherwise the approved one. `name` is '' if it is not known. */
  group: GroupRef & { microtenantId: string; tenant: string };
  /** For facets `app:…`; `name` is the id where it could not be read. */
  application?: GroupRef;
  /**
   * As approved and as it lives, in words of the facet: a text, `true`, `in the group`, `absent`. Foreign text, not
   * escaped.
   */
  before: string;
  after: string;
  /** For `added`: the managed group that a ticket approved it into. */
  from?: GroupRef;
  /**
   * For `removed`: its group now, or that it is in none, or that the application segment is gone; for `missing`: the
   * live twin.
   */
  to?: GroupRef | 'no-group' | 'gone';
  /** For `removed` without `to`: its place by the last report that could read it. */
  lastTo?: GroupRef | 'no-group' | 'gone';
  /** For `resurrected`: the id that the ticket deleted. */
  deletedId?: string;
  writer?: Writer;
  /** The change that approved exactly this facet; absent for `unmanaged`, and where no ticket stated the facet. */
  approval?: Approval;
  access: Access;
  /** Set if `state` is `ignored`. */
  ignored?: Ignored;
  /** Changes at work on this facet; set if `state` is `in-flight`. */
  pending?: number;
};

/**
 * The last writer, according to ZPA, when the difference was first seen: of the group, or of the application segment that
 * the finding is about (docs/drift.md, "Who").
 */
export type Writer = {
  /** Id of an admin or API client. */
  id: string;
  /** ISO 8601. */
  at?: string;
  of: 'group' | 'application';
  /** From the settings, `writers`. */
  name?: string;
  /** `own`: the stamp fits a write of this product's ledger. `unknown`: the settings do not name the id. */
  kind: 'console' | 'terraform' | 'own' | 'unknown';
};

/** `ref`: the key of the change. `at`: ISO 8601. */
export type Approval = { key: string; source: string; ticket: string; at: string };

/** The policy rules that a finding affects. `not-needed`: the finding alters no access. */
export type Access =
  | { read: 'not-needed' }
  | { read: 'not-read'; reason: string }
  | { read: 'read'; exposes: boolean; interrupts: boolean; rules: AffectedRule[]; ruleCount: number };

export type AffectedRule = { policyType: string; id: string; name: string; gains: number; loses: number };

/** `until`: ISO 8601. `live`: the live value that it was given for; any other value ends it. */
export type Ignored = { reason: string; until: string; by: string; at: string; live: string };

export type ClosedFinding = {
  id: string;
  kind: FindingKind;
  facet: Facet;
  group: GroupRef;
  /** The tenant of its group. */
  tenant: string;
  /** ISO 8601: when this report began. */
  at: string;
  /** The change that closed it; absent: somebody put it right in ZPA, or nobody knows. */
  by?: Approval;
};

/** A part of a tenant that could not be read. */
export type NotChecked = {
  tenant: string;
  /** Absent: all of the tenant. */
  microtenantId?: string;
  /** Set if only this group could not be read. */
  groupId?: string;
  code: string;
  reason: string;
  /** The number of managed groups that were not compared because of it. */
  groups: number;
  /** ISO 8601: since when it has not been checked. */
  since: string;
  /** Since when a part of it has not been checked, if that is longer. */
  partSince?: string;
};

export type UnmanagedGroup = GroupRef & {
  microtenantId: string;
  enabled: boolean;
  applicationCount: number;
  /** The pattern of the settings that names it; `none`: no pattern does. */
  pattern: 'owned' | 'watched' | 'none';
  writer?: Writer;
};

/** `at`: ISO 8601. Numbers of findings by state, and of groups. */
export type HistoryEntry = {
  at: string;
  complete: boolean;
  new: number;
  still: number;
  ignored: number;
  closed: number;
  notChecked: number;
  managed: number;
};
