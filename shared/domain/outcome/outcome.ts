import type { RejectionCode } from '../change/rejection-codes.ts';
import type { ZpaFault } from '../group/group.ts';

/** The writable fields of a group, and how many applications it holds: small enough to keep for ever. */
export type GroupSummary = {
  name: string;
  description: string;
  enabled: boolean;
  applicationCount: number;
};

/** What a change did to, or asked of, one group; names resolved to ids. */
export type Effect = {
  groupId: string;
  before: GroupSummary | null;
  after: GroupSummary | null;
  /** Ids that joined and left the group because of this change. */
  added: string[];
  removed: string[];
  /** What these were called when they were read, the first of them; people know no ids. */
  names?: Record<string, string>;
  /** Other groups that gave or took application segments because of this change. */
  moves?: Move[];
  /** How long moved applications belonged to no group, in ms. */
  ungroupedMs?: number;
};

/** Application segments that went from one group to another. */
export type Move = { from: { id: string; name: string }; to: { id: string; name: string }; applicationIds: string[] };

export type FieldDifference = { field: string; expected: string; found: string };

/** `may`: the rule has a form, or the group a state, whose effect ZPA does not document. */
export type Certainty = 'yes' | 'may' | 'no';

/** `count` application segments, `applications` the first of them; `sure` is `yes` if it is certain of any. */
export type ReachedApplications = { count: number; sure: Certainty; applications: { id: string; name?: string }[] };

/** What one policy rule gains and loses by a change, and what that does to people's access. */
export type RuleReach = {
  policyType: string;
  ruleId: string;
  ruleName: string;
  ruleOrder?: string;
  microtenantId: string;
  action?: string;
  /** It is switched off, so nothing changes while it is. */
  disabled: boolean;
  gains: ReachedApplications;
  loses: ReachedApplications;
  /** A rule that allows gains, one that denies loses. Both `no`: it only says how applications are reached. */
  exposes: Certainty;
  /** A rule that allows loses, one that denies gains. */
  interrupts: Certainty;
};

/**
 * What each policy rule gained or lost (promise 5), or why nobody looked. A deletion of a group that no rule names, and
 * outcomes of older versions, hold the summary alone.
 */
export type Reach =
  | { status: 'not-checked'; reason: string }
  | {
      status: 'checked';
      /** One sentence. */
      summary: string;
      /** The weightiest first; of `ruleCount`, as many as are kept. */
      rules?: RuleReach[];
      ruleCount?: number;
      /** Epoch ms: when the rules were read. */
      asOf?: number;
      /** Policy types that this customer has no licence for. */
      skipped?: string[];
    };

/** What the approved change says ZPA should hold, resolved: the drift report's source. */
export type Approved = {
  groupId: string;
  microtenantId: string;
  fields: { name?: string; description?: string; enabled?: boolean };
  members: { has: string[]; hasNot: string[]; exactly?: string[] };
  deleted: boolean;
  /** What it says about the other ends of its moves. */
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
  /** Times the worker took the change up in this generation. */
  attempts: number;
};

/** Why a change was rejected, in words a person can act on. */
export type Rejection = {
  kind: 'rejected';
  code: RejectionCode;
  /** This case, with its values. */
  sentence: string;
  remedy: string;
  path?: string;
  zpaError?: ZpaFault;
  /** Named values that help: candidates, before, intended, live; bounded. */
  details?: Record<string, unknown>;
};

/** Sends a settled change still owes, in the order they are done. */
export type Owed = 'desired' | 'set' | 'dlq' | 'sns';
