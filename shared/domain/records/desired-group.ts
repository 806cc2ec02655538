import type { Lane } from '../lane/change-ref.ts';
import type { Versioned } from './versioned.ts';

/** A value tickets approved, and by which change. */
export type ApprovedValue<T> = { value: T; sequence: number; key: string };

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
