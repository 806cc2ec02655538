import type { RejectionCode } from '../change/rejection-codes.ts';
import type { ZpaFault } from '../group/group.ts';

/** The writable fields of a group and the number of its applications: small enough for every outcome. */
export type GroupSummary = {
  name: string;
  description: string;
  enabled: boolean;
  applicationCount: number;
};

/** The effect of a change on its group, with ids instead of names. */
export type Effect = {
  groupId: string;
  before: GroupSummary | null;
  after: GroupSummary | null;
  /** Ids of applications that joined and left the group by this change. */
  added: string[];
  removed: string[];
  /** Names of the first of these by id, as they were read; people know names, not ids. */
  names?: Record<string, string>;
  /** Moves of application segments between this group and others. */
  moves?: Move[];
  /** How long moved applications were without a group, in ms. */
  ungroupedMs?: number;
};

/** Application segments that went from one group to another. */
export type Move = { from: { id: string; name: string }; to: { id: string; name: string }; applicationIds: string[] };

export type FieldDifference = { field: string; expected: string; found: string };

/** `may`: the rule has a form, or the group a state, whose effect ZPA does not document. */
export type Certainty = 'yes' | 'may' | 'no';

/**
 * `count` application segments, `applications` the first of them; `sure` is `yes` if at least one of them is certain.
 */
export type ReachedApplications = { count: number; sure: Certainty; applications: { id: string; name?: string }[] };

/** The applications that one policy rule gains and loses by a change, and the effect on people's access. */
export type RuleReach = {
  policyType: string;
  ruleId: string;
  ruleName: string;
  ruleOrder?: string;
  microtenantId: string;
  action?: string;
  /** The rule is switched off, so it has no effect while it is. */
  disabled: boolean;
  gains: ReachedApplications;
  loses: ReachedApplications;
  /**
   * A rule that allows gains, or one that denies loses. If both are `no`, it only determines how applications are
   * reached.
   */
  exposes: Certainty;
  /** A rule that allows loses, or one that denies gains. */
  interrupts: Certainty;
};

/**
 * The applications that each policy rule gained or lost, or why the rules were not read. The deletion of a group that
 * no rule names, and outcomes of older versions, have the summary alone.
 */
export type Reach =
  | { status: 'not-checked'; reason: string }
  | {
      status: 'checked';
      /** One sentence. */
      summary: string;
      /** Sorted by effect on access; the first of `ruleCount` rules. */
      rules?: RuleReach[];
      ruleCount?: number;
      /** Epoch ms: when the rules were read. */
      asOf?: number;
      /** Policy types for which this customer has no licence. */
      skipped?: string[];
    };

/** The state that the approved change requires of ZPA, with ids; the drift report compares with it. */
export type Approved = {
  groupId: string;
  microtenantId: string;
  fields: { name?: string; description?: string; enabled?: boolean };
  members: { has: string[]; hasNot: string[]; exactly?: string[] };
  deleted: boolean;
  /** The state it requires of the other groups of its moves, once per group. */
  others?: Omit<Approved, 'others'>[];
};

/** The result of deciding a change that is not rejected: a decision, an intent's ending and an outcome carry the same. */
export type Resolution = { effect: Effect; approved: Approved; reach: Reach };

/** How a change ends, before the ledger adds generation, time and attempts. */
export type UnstampedOutcome =
  | (Resolution & {
      kind: 'applied';
      writeId: string;
      /** Foreign edits seen in the read-back: recorded, never rewritten. */
      overtaken: FieldDifference[];
    })
  | (Resolution & { kind: 'unchanged' })
  | Rejection
  | { kind: 'cancelled'; by: string; reason: string }
  | { kind: 'superseded'; by: string; reason: string };

/** The one outcome of a change per generation. */
export type Outcome = UnstampedOutcome & {
  generation: number;
  /** Epoch ms. */
  at: number;
  /** Times the worker attempted the change in this generation. */
  attempts: number;
  /** The version of the settings that were in force when the change was settled, if it was settled by them. */
  settingsVersion?: number;
};

/** The reason for a rejection, in words a person can act on. */
export type Rejection = {
  kind: 'rejected';
  code: RejectionCode;
  /** Describes this case, with its values. */
  sentence: string;
  remedy: string;
  path?: string;
  zpaError?: ZpaFault;
  /** Named values that help a person to act: candidates, before, intended, live. Bounded. */
  details?: Record<string, unknown>;
  /**
   * Ids or names that its source may not know, for the operator's log alone: the worker takes them off before it stores
   * anything.
   */
  withheld?: { application?: string; group: string | undefined }[];
};

/** Effects of a settled change that the outbox has yet to carry out, in this order. */
export type Owed = 'desired' | 'set' | 'dlq' | 'sns';
