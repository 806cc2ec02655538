import type { ChangeRef, Lane } from '../lane/change-ref.ts';
import type { EndedMember, Intent, Member } from './intent.ts';
import type { SeenGroup } from './seen-groups.ts';
import type { Versioned } from './versioned.ts';

/** Changes that the worker is processing. It stores them first, so that a crash can be attributed to them. */
export type Working = { members: Member[]; strikes: number; since: number };

/** Why a lane is stopped. The worker probes it with backoff and raises one alarm. */
export type Stopped = {
  code: string;
  sentence: string;
  since: number;
  tries: number;
  probeAt: number;
  alarmed: boolean;
  /** Only these tenants of the lane are at fault: their own sign-in or secret. */
  tenants?: string[];
};

/** Calls in ZPA's current rate window, oldest first: the latest epoch ms at which each can have arrived. */
export type BudgetState = { reads: number[]; writes: number[]; notBefore: number };

export type LaneRecord = Versioned & {
  lane: Lane;
  /** Increases with every lease. */
  fence: number;
  lease?: { owner: string; until: number };
  /** Until then (epoch ms) messages of the lane's group may be hidden, and SQS delivers no other of the group. */
  hiddenUntil?: number;
  budget: BudgetState;
  /**
   * The highest settled sequence; an open change below it that is not in `skipped` came late and gets a new sequence.
   */
  through: number;
  /** Open sequences below `through` that the look-ahead skipped. */
  skipped: number[];
  working?: Working;
  /** The only intent of which a write may be under way. */
  intent?: Intent;
  /** Intents of other groups whose writes ZPA has confirmed and that await their read-back, oldest first. */
  answered?: Intent[];
  /** Each is settled with its outcome once its record is restored; until then it holds only what must not overtake it. */
  endedUnread?: EndedMember[];
  stopped?: Stopped;
  /**
   * The change at the head of the lane, and since when it could be tried: its retry window starts there. Absent while something
   * else than the change holds it up.
   */
  turn?: { sequence: number; since: number };
  /** The change that met an unknown error, how often, and the last `error` for people (docs/architecture.md#fault-attribution). */
  trouble?: { ref: ChangeRef; generation: number; tries: number; since: number; retryAt: number; error?: string };
  /**
   * The change that met a 429 last (`of`: its generation key), before its intent or at one write of it, how often, and for how
   * long it has waited because of it (docs/architecture.md#fault-attribution).
   */
  limited?: { of: string; at: string; tries: number; waitedMs: number };
  /** Rejections in a row after all tries: unclassified errors, and clashes with other changes in ZPA. */
  unclassifiedInARow: number;
  /** Set by an operator, or after five such rejections; only an operator clears it. */
  paused?: { by: string; reason: string; since: number };
  /** Until this sequence the worker processes one change per step: a write of several was refused or crashed it. */
  oneByOneUntil?: number;
  /** Facts learned from read-backs, per tenant. */
  learned: Record<string, Learned>;
  /** Groups that were read or written in the last minute, the latest last: no older state of them is decided on. */
  seen?: SeenGroup[];
};

/**
 * `writer`: this product's API client in `modifiedBy`; `client`: digest of the id of that API client. Records of
 * earlier versions also hold a `via`, which nothing reads, and no `client`.
 */
export type Learned = { writer?: string; client?: string };

/** A lane without any change yet. */
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
