import type { Lane } from '../lane/change-ref.ts';
import type { Versioned } from './versioned.ts';

/** A value that tickets approved, and the change that did. */
export type ApprovedValue<T> = { value: T; sequence: number; key: string };

/** The state that tickets approved for one group. It outlives the changes' TTL; the drift report compares with it. */
export type DesiredGroup = Versioned & {
  lane: Lane;
  tenant: string;
  microtenantId: string;
  groupId: string;
  name?: ApprovedValue<string>;
  description?: ApprovedValue<string>;
  enabled?: ApprovedValue<boolean>;
  /** Its name when a change last touched it, approved or not: people recognise a group by name, not by id. */
  seenName?: ApprovedValue<string>;
  /** id → [1 member | 0 not a member, sequence]. */
  members: Record<string, [0 | 1, number]>;
  /**
   * The sequence of the latest change that stated the complete membership (create, replace); any other member is drift.
   */
  complete?: number;
  deleted?: { sequence: number; key: string };
  /** The latest change that touched it. */
  last: { key: string; source: string; ticket: string; at: number; sequence: number };
};
