import type { ChangeRef, Lane } from '../lane/change-ref.ts';
import type { Intent, Member } from './intent.ts';
import type { Versioned } from './versioned.ts';
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
  /** The change that met an unknown error, and how often; docs/architecture.md#fault-attribution. */
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
