import type { ChangeRequest } from '../change/change.ts';
import type { SegmentGroup } from '../group/group.ts';
import type { ChangeRef, Lane } from '../lane/change-ref.ts';
import type { Approved, Effect, Outcome, Owed, Reach, Rejection } from '../outcome/outcome.ts';
import type { PlanBinding } from '../plan/plan-binding.ts';
import type { CancelRequest } from './cancellation.ts';

/**
 * What the ledger holds. Each record is one DynamoDB item, written whole and only if `version` is still what was read
 * (single-item conditional writes, design §3). Instants are epoch milliseconds.
 */
export type Versioned = { version: number };

/** Where a change is. `accepted`: in the ledger, perhaps not yet sent. `settled`: it has its outcome. */
export type ChangeState = 'accepted' | 'queued' | 'scheduled' | 'parked' | 'settled';

export type ChangeRecord = Versioned & {
  ref: ChangeRef;
  /** The parsed change, defaults filled in, without its ticket. */
  change: ChangeRequest;
  fingerprint: string;
  ticket: NonNullable<ChangeRequest['ticket']>;
  correlationId: string;
  /** Its place in the lane; a redriven change gets a new one. */
  sequence: number;
  state: ChangeState;
  /** 1 at acceptance, one more per redrive. */
  generation: number;
  /** Acceptance of this generation; the retry window counts from here, or from its release. */
  acceptedAt: number;
  /** While `scheduled`: when it is to be released, as far as known. */
  scheduledFor?: number;
  /** Its last release from `scheduled`. */
  releasedAt?: number;
  /** What its approver saw, where the ticket was planned before it was approved: the worker holds it to that. */
  plan?: PlanBinding;
  /** Somebody asked for it back (docs/adr/0006). */
  cancelRequest?: CancelRequest;
  /** Last time a message for it was sent; 0 before the first. */
  sentAt: number;
  /** Times the worker took it up and met an error of its own. */
  attempts: number;
  /** Set when `state` is `settled`. */
  outcome?: Outcome;
  /** Sends it still owes; empty when none. */
  pending: Owed[];
  /** Outcomes of earlier generations, oldest first; at most 20 are kept. */
  history: Outcome[];
  /** Rejected and neither redriven nor discarded: listed by `failures list`. */
  failed: boolean;
  /** Who put a rejected change aside, and when. */
  discarded?: { by: string; at: number };
  /** Accepted by redrive although a newer change touched the same group (design §3). */
  acceptStale?: boolean;
};

/** One call of an intent. `update` goes through v2 with explicit deltas, or v1 with the full fresh list. */
export type ZpaWrite =
  | {
      kind: 'create';
      name: string;
      description: string;
      enabled: boolean;
      configSpace: string;
      applicationIds: string[];
      microtenantId: string;
    }
  | {
      kind: 'update';
      via: 'v1' | 'v2';
      groupId: string;
      microtenantId: string;
      fields: { name: string; description: string; enabled: boolean; configSpace: string };
      addedApps: string[];
      deletedApps: string[];
    }
  | { kind: 'delete'; groupId: string; microtenantId: string };

/** One change the worker has in hand, at the place and generation it was taken up. */
export type Member = { ref: ChangeRef; generation: number; sequence: number };

/** How a member ends once the write of its step has succeeded (or needs none). */
export type Ending = { kind: 'applied' | 'unchanged'; effect: Effect; approved: Approved; reach: Reach } | Rejection;

/** A call and the group as it stands immediately before it; null where there is none yet. */
export type PlannedWrite = { write: ZpaWrite; before: SegmentGroup | null };

/** What is about to be written to ZPA, stored before it is. */
export type Intent = {
  writeId: string;
  tenant: string;
  /** In lane order; they settle in this order. */
  members: (Member & { ending: Ending })[];
  /** In the order they are sent; several for a move. */
  writes: PlannedWrite[];
  /** How many of `writes` have a definite success. */
  cursor: number;
  /** The write at the cursor is not sent later than this; 0: it is certainly not under way. */
  sendBefore: number;
  /** When the first of several writes was answered: since then applications may be without a group. */
  openSince?: number;
  /** A write in the middle was refused: these writes take back what was done, and this is why. */
  takingBack?: Rejection;
  /** The id ZPA gave a created group, once its answer came. */
  createdId?: string;
  /** When a look after the last answer first did not show the writes: until the quiet period is over, it may yet. */
  lookedAt?: number;
  /** Set when a write got no definite answer: the fault's code. */
  unanswered?: string;
  /** When its last write was answered; set while it lies aside. */
  answeredAt?: number;
};

/** Changes the worker has in hand: named before they are touched, so that a crash can be laid at a door. */
export type Working = { members: Member[]; strikes: number; since: number };

/** Why a lane stands still; probed with backoff, alarmed once. */
export type Stopped = {
  code: string;
  sentence: string;
  since: number;
  tries: number;
  probeAt: number;
  alarmed: boolean;
};

/** Calls made in ZPA's current window, oldest first; epoch ms at which each had arrived at the latest. */
export type BudgetState = { reads: number[]; writes: number[]; notBefore: number };

export type LaneRecord = Versioned & {
  lane: Lane;
  /** Grows with every lease. */
  fence: number;
  lease?: { owner: string; until: number };
  budget: BudgetState;
  /** Highest sequence settled; an open change below it, not in `skipped`, came late and gets a new place. */
  through: number;
  /** Open sequences below `through` that the look-ahead left standing. */
  skipped: number[];
  working?: Working;
  /** The one intent of which a write may be under way. */
  intent?: Intent;
  /** Intents of other groups, whose writes ZPA has said yes to and which nobody has read back yet, oldest first. */
  answered?: Intent[];
  stopped?: Stopped;
  /** The change that met an unknown error, and how often; per design "whose fault". */
  trouble?: { ref: ChangeRef; generation: number; tries: number; since: number; retryAt: number };
  /** Unclassified rejections in a row. */
  unclassifiedInARow: number;
  /** Set by an operator or by five unclassified rejections; only an operator clears it. */
  paused?: { by: string; reason: string; since: number };
  /** Take the next changes one by one: a write of several was refused or crashed the worker. */
  oneByOneUntil?: number;
  /** Learned from read-backs, per tenant. */
  learned: Record<string, Learned>;
};

/** `via`: whether this tenant's v2 PUT honours addedApps/deletedApps (v2, seen to) or not (v1). `writer`: our API client's id in `modifiedBy`. */
export type Learned = { via?: 'v1' | 'v2'; writer?: string };

export function newLane(lane: Lane): LaneRecord {
  return {
    lane,
    version: 0,
    fence: 0,
    budget: { reads: [], writes: [], notBefore: 0 },
    through: 0,
    skipped: [],
    unclassifiedInARow: 0,
    learned: {},
  };
}

/** A value tickets approved, and by which change. */
type ApprovedValue<T> = { value: T; sequence: number; key: string };

/** What tickets approved for one group: outlives the changes' TTL, read by drift. */
export type DesiredGroup = Versioned & {
  lane: Lane;
  tenant: string;
  microtenantId: string;
  groupId: string;
  name?: ApprovedValue<string>;
  description?: ApprovedValue<string>;
  enabled?: ApprovedValue<boolean>;
  /** What it was called when a change last touched it, approved or not: tickets name groups, ids mean nothing to people. */
  seenName?: ApprovedValue<string>;
  /** id → [1 member | 0 not a member, sequence]. */
  members: Record<string, [0 | 1, number]>;
  /** A change stated the whole membership (create, replace): others are drift, as of this sequence. */
  complete?: number;
  deleted?: { sequence: number; key: string };
  /** The latest change that touched it. */
  last: { key: string; source: string; ticket: string; at: number; sequence: number };
};

/** Remembers that this member of a change set was rejected once; whether it still is, its own record says. */
export type RejectedMember = { set: string; ref: ChangeRef; expiresAt: number };

/** A status link: the token's hash leads to the change. */
export type StatusLink = { hash: string; ref: ChangeRef; expiresAt: number };
